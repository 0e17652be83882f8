import type { WeightDType } from "@ripvec/core";
import type { FileRange } from "@ripvec/core/driver";

/** What every addon of a native driver exports. The C++ side is cpp/binding. A driver's addon may export more. */
export interface NativeAddon {
  /** The ops that it has kernels for, and the internal command `fill`. */
  ops(): readonly NativeOp[];
}

export interface NativeOp {
  readonly name: string;
  /** The number that its commands in a stream begin with. */
  readonly code: number;
  /** Number of tensors that a command of the op names. */
  readonly tensors: number;
  /** Number of numbers that follow them. */
  readonly numbers: number;
  /** Its tensors and numbers in order, as `opSignature` writes them. */
  readonly signature: string;
}

/** The weights, the device and the queue of passes. Methods throw errors with a `code` of `ErrorCode`. */
export interface NativeEngine {
  /** Returns the number of the weight. The weight may be prepared in the background; the next pass waits for it. */
  createWeight(weight: NativeWeight): number;
  releaseWeight(weight: number): void;
  /** Queues a pass. Either `submit` or `abandon` must follow, because later passes wait for this one. */
  begin(): PassHandle;
  /** Copies the part, which may start to run immediately. */
  feed(pass: PassHandle, part: NativePart): void;
  /** Feeds the last part and resolves with a copy of the result's bytes. */
  submit(
    pass: PassHandle,
    part: NativePart,
    result: readonly [space: number, byteOffset: number, byteLength: number],
  ): Promise<ArrayBuffer>;
  /** Drops the parts that do not run yet. */
  abandon(pass: PassHandle): void;
  /** Drops what is queued, stops the device and frees everything. A second call does nothing. */
  close(): void;
}

declare const passHandle: unique symbol;

/** A pass that is being recorded. Only the addon looks into it. */
export interface PassHandle {
  readonly [passHandle]: never;
}

/** What was recorded since the previous part. */
export interface NativePart {
  readonly commands: Float64Array;
  /** They follow the inputs of earlier parts, which ops may have written to. */
  readonly inputs: Uint8Array;
  /** Size of the arena that the pass needs so far. */
  readonly arenaBytes: number;
}

export interface NativeWeight {
  readonly name: string;
  readonly role: string;
  /** The dtype of the bytes. */
  readonly dtype: string;
  /** The dtype in which a matrix or table is kept; "f32" for a vector. */
  readonly storage: WeightDType;
  readonly rows: number;
  readonly cols: number;
  /**
   * The ranges of files that hold the weight, in order. A table has one range, from which passes
   * read rows. A matrix is read soon after the call.
   */
  readonly files?: readonly FileRange[];
  /** The bytes, if there are no files. They are read before the call returns. */
  readonly bytes?: Uint8Array;
  /** The scales of the rows as the bytes of f32, where `dtype` is i8. They are read before the call returns. */
  readonly scales?: Uint8Array | undefined;
}
