import type { WeightDType } from "@ripvec/core";
import { dtypeByteLength, type Tensor } from "@ripvec/core/driver";
import type { BufferSource, DeviceBuffer } from "./buffers.js";
import type { Slot } from "./slots.js";

/** Memory that a pass asked for, or brought in. It moves to another slot when an op replaces all of it in place. */
export interface Allocation {
  slot: Slot;
  /** First byte inside the slot: 0, but for inputs. */
  slotOffset: number;
  readonly byteLength: number;
  /** It lies among other inputs, in a slot that kernels only read. */
  isInput: boolean;
}

/** What a tensor of a pass lies in. */
export interface PassMemory {
  readonly kind: "pass";
  readonly allocation: Allocation;
  /** First byte inside the allocation. */
  readonly byteOffset: number;
}

/** Rows of a weight in one buffer; a weight has several where it is larger than a binding may be. */
export interface WeightPart extends BufferSource {
  readonly buffer: DeviceBuffer;
  readonly firstRow: number;
  readonly rows: number;
  /** Word of the buffer where the scales of an i8 weight's rows begin; 0 for other weights. */
  readonly scales: number;
}

export interface Weight {
  readonly kind: "weight";
  /** Two halves or four i8 lie in one word, the first in its low bits. */
  readonly dtype: WeightDType;
  /** At least one. */
  readonly parts: readonly WeightPart[];
  /** Resolves with the error when the device had no room for it. */
  readonly failure: Promise<Error | undefined>;
}

export type WebGpuStorage = PassMemory | Weight;

export const storageOf = (tensor: Tensor): WebGpuStorage => tensor.storage as WebGpuStorage;

/** A run of elements that a kernel reads or writes. */
export interface Place {
  readonly source: BufferSource;
  /** First element inside the buffer. */
  readonly offset: number;
}

/** Where a tensor lies now. Of a weight: its first part. */
export function placeOf(tensor: Tensor): Place {
  const storage = storageOf(tensor);
  if (storage.kind === "weight") return { source: storage.parts[0] as WeightPart, offset: 0 };
  const { allocation, byteOffset } = storage;
  const bytes = allocation.slotOffset + byteOffset;
  return { source: allocation.slot, offset: bytes / dtypeByteLength(tensor.dtype) };
}

/** The parts of a matrix or table, as places; an activation is one part with all rows. */
export function partsOf(tensor: Tensor): readonly TensorPart[] {
  const storage = storageOf(tensor);
  if (storage.kind === "pass") {
    return [{ ...placeOf(tensor), tensor, firstRow: 0, rows: tensor.shape[0] ?? 0, scales: 0 }];
  }
  return storage.parts.map((source) => ({
    source,
    offset: 0,
    tensor,
    firstRow: source.firstRow,
    rows: source.rows,
    scales: source.scales,
  }));
}

export interface TensorPart extends Place {
  /** What it is a part of. */
  readonly tensor: Tensor;
  readonly firstRow: number;
  readonly rows: number;
  /** As `WeightPart` has it. */
  readonly scales: number;
}
