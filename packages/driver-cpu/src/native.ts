import type { WeightDType } from "@ripvec/core";
import type { FileRange } from "@ripvec/core/driver";

/** What the addon exports. Its C++ side is binding/. */
export interface NativeBinding {
  /** The ops it has kernels for. The place in the list is the op's code in a command stream. */
  ops(): NativeOp[];
  cpuInfo(): NativeCpuInfo;
  readonly Engine: new (threads: number, instructionSet: string) => NativeEngine;
}

export interface NativeOp {
  readonly name: string;
  /** Pairs of a command: one for each tensor. */
  readonly tensors: number;
  /** Numbers behind them. */
  readonly numbers: number;
}

export interface NativeCpuInfo {
  /** The processor's own name. */
  readonly name: string;
  readonly arch: string;
  /** Extensions of this CPU that the kernels look at. */
  readonly features: string[];
  /** Instruction sets that this CPU can run, slowest first. */
  readonly instructionSets: string[];
  /** The last of them. */
  readonly best: string;
  /** Cores that the affinity mask and the cgroup quota leave to this process, at least 1. */
  readonly threads: number;
}

/** Weights, threads and the queue of passes. Methods throw errors with a `code` of `ErrorCode`. */
export interface NativeEngine {
  readonly threads: number;
  readonly instructionSet: string;
  /** Number of the weight. A matrix may still be packing in the background; the next pass waits for it. */
  createWeight(weight: NativeWeight): number;
  releaseWeight(weight: number): void;
  /** Bytes held: by weights besides their files, and by the arena. */
  memory(): { weights: number; arena: number };
  /** Queues a pass. Either `submit` or `abandon` has to follow: the passes behind it wait. */
  begin(): NativePass;
  /** Copies the part, which may run at once. */
  feed(pass: NativePass, part: NativePart): void;
  /** Feeds the last part and resolves with a copy of the result's bytes. */
  submit(
    pass: NativePass,
    part: NativePart,
    result: readonly [space: number, byteOffset: number, byteLength: number],
  ): Promise<ArrayBuffer>;
  /** Drops the parts that don't run yet. */
  abandon(pass: NativePass): void;
  /** Drops what is queued, stops the threads and frees everything. A second call does nothing. */
  close(): void;
}

declare const nativePass: unique symbol;

/** A pass that is being recorded, as a value that only the addon looks into. */
export interface NativePass {
  readonly [nativePass]: never;
}

/** What was recorded since the part before. */
export interface NativePart {
  readonly commands: Float64Array;
  /** They follow those of the parts before, which ops may have written to. */
  readonly inputs: Uint8Array;
  /** That the pass needs so far. */
  readonly arenaBytes: number;
}

export interface NativeWeight {
  readonly name: string;
  readonly role: string;
  /** Of the bytes. */
  readonly dtype: string;
  /** What a matrix or table is kept in; "f32" for a vector, "i8" where `dtype` is that. */
  readonly storage: WeightDType;
  readonly rows: number;
  readonly cols: number;
  /** Where it lies, one piece after the other; a table has one. Its rows are read by passes, a matrix soon. */
  readonly files?: readonly FileRange[];
  /** Without files: the bytes, read before the call returns. */
  readonly bytes?: Uint8Array;
  /** Of dtype i8: the scales of the rows, as the bytes of f32, read before the call returns. */
  readonly scales?: Uint8Array | undefined;
}
