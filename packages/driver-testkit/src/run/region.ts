import type { DType, Ops, Tensor } from "@ripvec/core/driver";
import { bring } from "./host-values.js";
import type { PreparedCase, PreparedTensor } from "./prepare-case.js";
import { canBeWeight, type Variant } from "./variants.js";

/** One tensor in a region: where it starts, and what is expected there after the op. */
interface Slot {
  readonly tensor: PreparedTensor;
  readonly start: number;
}

/**
 * One allocation with everything that is checked after the op: the outputs, separated by sentinels, then copies of the
 * inputs. `initial` is its content before the op.
 */
export interface Region {
  readonly dtype: DType;
  readonly initial: Float64Array;
  readonly outputs: readonly Slot[];
  readonly inputs: readonly Slot[];
}

/** Values that no case computes. Each is exact in its dtype. */
const sentinels: Readonly<Record<DType, number>> = {
  f32: -1234567.25,
  f16: -1234,
  bf16: -1232,
  i8: -77,
  i32: -123456789,
  i64: -77,
};

/** The content of outputs before they are written. Integers have no NaN. */
const unwritten = (dtype: DType): number => (dtype === "i8" || dtype === "i32" ? 85 : Number.NaN);

/** Inputs beyond this size are not read back. */
const largestInputRead = 50_000;

export function planRegion({ tensors }: PreparedCase, variant: Variant): Region {
  const { guard, inPlace, weights } = variant;
  const outputs: Slot[] = [];
  const inputs: Slot[] = [];
  let end = guard;
  const place = (slots: Slot[], tensor: PreparedTensor) => {
    slots.push({ tensor, start: end });
    end += tensor.host.data.length + guard;
  };
  for (const tensor of tensors) if (tensor.isOutput) place(outputs, tensor);
  const dtype = outputs[0]?.tensor.dtype ?? "f32";
  for (const tensor of tensors) {
    const isOverwritten = tensor.name === inPlace?.input;
    const isWeight = weights === true && canBeWeight(tensor);
    const fits = tensor.dtype === dtype && tensor.host.data.length <= largestInputRead;
    if (!tensor.isOutput && !isOverwritten && !isWeight && fits) place(inputs, tensor);
  }
  const initial = new Float64Array(end).fill(sentinels[dtype]);
  for (const { tensor, start } of outputs) {
    const size = tensor.host.data.length;
    initial.fill(unwritten(dtype), start, start + size);
    const source = tensors.find(({ name }) => name === inPlace?.input);
    if (source && tensor.name === inPlace?.output) initial.set(source.host.data, start);
  }
  return { dtype, initial, outputs, inputs };
}

/** Allocates the region in a pass. */
export function allocRegion(ops: Ops, { dtype, initial }: Region): Tensor {
  const region = ops.alloc(dtype, [initial.length]);
  ops.scope(() => ops.copy({ x: bring(ops, dtype, [initial.length], initial), out: region }));
  return region;
}

export function sliceOf(ops: Ops, region: Tensor, { tensor, start }: Slot): Tensor {
  return ops.slice(region, start, tensor.host.shape);
}
