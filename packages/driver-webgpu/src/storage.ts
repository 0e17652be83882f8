import type { WeightDType } from "@ripvec/core";
import { type DType, dtypeByteLength, type Tensor } from "@ripvec/core/driver";
import type { BufferSource, DeviceBuffer } from "./buffers.js";
import type { Slot } from "./slots.js";

/**
 * Memory that `alloc` or `input` of a pass returned. It moves to another slot when an op replaces all of its contents in
 * place.
 */
export interface Allocation {
  slot: Slot;
  /** First byte in the slot. 0 except for inputs. */
  slotOffset: number;
  readonly byteLength: number;
  /** Whether it is in a slot with other inputs, which kernels only read. */
  isInput: boolean;
}

/** The storage of a tensor of a pass: an allocation from some byte on. */
export interface AllocationView {
  readonly kind: "allocation";
  readonly allocation: Allocation;
  /** First byte in the allocation. */
  readonly byteOffset: number;
}

/** Some rows of a weight, in one buffer. A weight that is larger than a binding may be has several parts. */
export interface WeightPart extends BufferSource {
  readonly buffer: DeviceBuffer;
  readonly firstRow: number;
  readonly rows: number;
  /** Word of the buffer where the scales of the rows of an i8 weight begin. 0 for other weights. */
  readonly scales: number;
}

/** The storage of a weight. */
export interface Weight {
  readonly kind: "weight";
  /** A word holds two elements of 16 bits or four of 8 bits, the first one in its low bits. */
  readonly dtype: WeightDType;
  /** At least one part. */
  readonly parts: readonly WeightPart[];
  /** Resolves with the error if the device had no memory for it, else with undefined. */
  readonly failure: Promise<Error | undefined>;
}

export type WebGpuStorage = AllocationView | Weight;

/** A tensor as kernels get it. */
export type GpuTensor<D extends DType = DType> = Tensor<D, WebGpuStorage>;

/** Where the elements that a kernel reads or writes begin. */
export interface Place {
  readonly source: BufferSource;
  /** First element in the buffer. */
  readonly offset: number;
}

/**
 * The place of a tensor at this point of the recording. For a weight it is that of its first part.
 */
export function placeOf({ dtype, storage }: GpuTensor): Place {
  if (storage.kind === "weight") return { source: storage.parts[0] as WeightPart, offset: 0 };
  const { allocation, byteOffset } = storage;
  const bytes = allocation.slotOffset + byteOffset;
  return { source: allocation.slot, offset: bytes / dtypeByteLength(dtype) };
}

/** The parts of a matrix or table. An activation is a single part with all rows. */
export function partsOf(tensor: GpuTensor): readonly TensorPart[] {
  const { storage } = tensor;
  if (storage.kind === "allocation") {
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

/** Some rows of a tensor. */
export interface TensorPart extends Place {
  /** The tensor that it is a part of. */
  readonly tensor: GpuTensor;
  readonly firstRow: number;
  readonly rows: number;
  /** The same as in `WeightPart`. */
  readonly scales: number;
}
