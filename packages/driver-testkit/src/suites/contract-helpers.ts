import { isRipvecError } from "@ripvec/core";
import { type Ops, type Tensor, type WeightView, weightView } from "@ripvec/core/driver";
import { type NamedTensor, viewOfTensor } from "../model/safetensors.js";
import { ConformanceError, expectThat } from "../run/conformance-error.js";

export function floats(ops: Ops, values: readonly number[]): Tensor<"f32"> {
  return ops.input(Float32Array.from(values), [values.length]);
}

/** Throws unless `got` holds exactly `want`, −0 and NaN included. */
export function expectValues(got: ArrayLike<number>, want: ArrayLike<number>, what: string): void {
  expectThat(got.length === want.length, `${what}: ${got.length} values, expected ${want.length}`);
  for (let i = 0; i < want.length; i++) {
    expectThat(Object.is(got[i], want[i]), () => {
      return `${what}: element ${i} is ${got[i]}, expected ${want[i]}`;
    });
  }
}

/** Throws unless `action` throws, or rejects, with a RipvecError of this code. */
export async function expectError(
  action: () => unknown,
  code: string,
  what: string,
): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (isRipvecError(error) && error.code === code) return;
    throw new ConformanceError(`${what}: expected ${code}, got ${String(error)}`, {
      cause: error,
    });
  }
  throw new ConformanceError(`${what}: expected ${code}, nothing was thrown`);
}

export const matrixView = (values: readonly number[], rows: number): WeightView =>
  weightView("matrix", [rows, values.length / rows], Float32Array.from(values));

/** The tensor with its bytes at odd addresses, as they may be in a file. */
export function oddView(tensor: NamedTensor): WeightView {
  const view = viewOfTensor({ ...tensor, bytes: moved(tensor.bytes) });
  return tensor.scaleTensor ? { ...view, scales: oddView(tensor.scaleTensor) } : view;
}

function moved(bytes: Uint8Array): Uint8Array {
  const memory = new Uint8Array(bytes.byteLength + 1);
  memory.set(bytes, 1);
  return memory.subarray(1);
}

/** out = x · weightᵀ for one row x. */
export function project(ops: Ops, weight: Tensor, x: readonly number[]): Tensor<"f32"> {
  const out = ops.alloc("f32", [1, weight.shape[0] ?? 0]);
  ops.linear({ x: ops.input(Float32Array.from(x), [1, x.length]), weight, out });
  return out;
}

/** out[i] = table[ids[i]] */
export function lookUp(ops: Ops, table: Tensor, ids: readonly number[]): Tensor<"f32"> {
  const out = ops.alloc("f32", [ids.length, table.shape[1] ?? 0]);
  ops.embedding_lookup({ table, ids: ops.input(Int32Array.from(ids), [ids.length]), out });
  return out;
}
