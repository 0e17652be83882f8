import type { Capabilities, Driver, WeightDType } from "@ripvec/core";
import {
  createDriver,
  type DriverImplementation,
  type DriverPass,
  type DType,
  type KernelArgs,
  type Kernels,
  type OpName,
  opNames,
  opSpecs,
  type Tensor,
  type TensorRole,
  type TensorRule,
  type WeightView,
} from "@ripvec/core/driver";
import { references } from "../generated/references.js";
import { keptValues } from "../numbers/kept-weights.js";
import type { HostArgs, Reference } from "./host-args.js";

/**
 * A driver that runs whole passes in f64 with the reference of every op. It is the oracle for models, and slow. Results
 * are rounded to f32 once, when they are read back. It supports f32 and i32 only. Matrices and tables are rounded to the
 * dtype that they are kept in, including i8; the values that they are multiplied with are never rounded.
 */
export function referenceDriver(): Driver {
  return createDriver(new ReferenceImplementation());
}

const capabilities: Capabilities = {
  isGpu: false,
  needsWarmUp: false,
  overlapsPasses: false,
  device: "JavaScript, f64",
  dtypes: new Set(["f32"]),
  storageDtypes: new Set<DType>(["f32", "i32"]),
  weightDtypes: new Set<WeightDType>(["f32", "f16", "bf16", "i8"]),
  maxInFlight: 1,
  preferredBatchTokens: 512,
  maxTensorBytes: 2 ** 31 - 1,
};

/** Memory with one f64 value for each four bytes that core counts. */
interface Block {
  values: Float64Array;
  /** Host data, which is decoded when an op first uses it with a dtype. */
  bytes: Uint8Array | undefined;
  dtype: DType;
}

interface Piece {
  readonly block: Block;
  readonly start: number;
}

const elementBytes = 4;

class ReferenceImplementation implements DriverImplementation<Piece> {
  readonly specVersion = 2;
  readonly name = "reference";
  readonly capabilities: Capabilities = capabilities;

  createWeight(view: WeightView, _role: TensorRole, dtype: WeightDType): Piece {
    const values = Float64Array.from(keptValues(view, dtype));
    return { block: { values, bytes: undefined, dtype: "f32" }, start: 0 };
  }

  releaseWeight(_piece: Piece): void {}

  beginPass(): DriverPass<Piece> {
    return new ReferencePass();
  }

  clone(): ReferenceImplementation {
    return new ReferenceImplementation();
  }

  async close(): Promise<void> {}
}

class ReferencePass implements DriverPass<Piece> {
  readonly kernels: Kernels<Piece>;
  #steps: (() => void)[] = [];

  constructor() {
    this.kernels = Object.fromEntries(opNames.map((name) => [name, this.#recorder(name)]));
  }

  #recorder<K extends OpName>(name: K): (args: KernelArgs<K, Piece>) => void {
    const reference = references[name] as Reference<K>;
    return (args) => {
      const copy = { ...args };
      this.#steps.push(() => reference(open(name, copy)));
    };
  }

  alloc(byteLength: number): Piece {
    const values = new Float64Array(byteLength / elementBytes);
    return { block: { values, bytes: undefined, dtype: "f32" }, start: 0 };
  }

  release(_piece: Piece): void {}

  slice({ block, start }: Piece, byteOffset: number): Piece {
    return { block, start: start + byteOffset / elementBytes };
  }

  input(bytes: Uint8Array): Piece {
    const values = new Float64Array(bytes.byteLength / elementBytes);
    return { block: { values, bytes: bytes.slice(), dtype: "f32" }, start: 0 };
  }

  fill({ block, start }: Piece, byteLength: number, value: 0x00 | 0xff): void {
    const end = start + byteLength / elementBytes;
    this.#steps.push(() => block.values.fill(value === 0 ? 0 : Number.NaN, start, end));
  }

  async submit({ block, start }: Piece, byteLength: number): Promise<ArrayBuffer> {
    await Promise.resolve();
    for (const step of this.#steps) step();
    const from = start * elementBytes;
    if (block.bytes) return block.bytes.slice(from, from + byteLength).buffer as ArrayBuffer;
    const values = block.values.subarray(start, start + byteLength / elementBytes);
    const host = block.dtype === "i32" ? Int32Array.from(values) : Float32Array.from(values);
    return host.buffer;
  }

  abandon(): void {
    this.#steps = [];
  }
}

/** Opens every tensor as f64. An output that is also an input is computed in a copy. */
function open<K extends OpName>(name: K, args: KernelArgs<K, Piece>): HostArgs<K> {
  const rules: Readonly<Record<string, TensorRule>> = opSpecs[name].tensors;
  const entries = Object.entries(args).map(([argument, value]) => {
    if (!rules[argument] || value === undefined) return [argument, value];
    const { storage, size, shape, dtype } = value as Tensor<DType, Piece>;
    const { block, start } = storage;
    decode(block, dtype);
    const isInPlaceInput = opSpecs[name].inPlace?.some((input) => input === argument) ?? false;
    const values = block.values.subarray(start, start + size);
    const data = isInPlaceInput ? values.slice() : values;
    return [argument, { shape, dtype, data, magnitude: new Float64Array(size) }];
  });
  return Object.fromEntries(entries) as HostArgs<K>;
}

function decode(block: Block, dtype: DType): void {
  block.dtype = dtype;
  if (!block.bytes) return;
  const { buffer, byteOffset } = block.bytes;
  const length = block.values.length;
  const host =
    dtype === "i32"
      ? new Int32Array(buffer, byteOffset, length)
      : new Float32Array(buffer, byteOffset, length);
  block.values.set(host);
  block.bytes = undefined;
}
