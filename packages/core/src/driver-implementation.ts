import type { Capabilities } from "./capabilities.js";
import type { WeightDType } from "./dtype.js";
import type { OpArgs, OpName } from "./ops.js";
import type { TensorRole } from "./tensor.js";
import type { WeightView } from "./weights.js";

/** Version of the contract in this file. A driver states the one it was written for. */
export const specVersion = 2;

/**
 * Kernels a driver brings, by op stem. Arguments were checked; outputs never overlap inputs but where
 * the op says so. The object of arguments is the caller's and may change once the call returned.
 */
export type Kernels = { readonly [K in OpName]?: (args: OpArgs[K]) => void };

/**
 * One pass, as a driver implements it. Calls come in order and synchronously, first the recording,
 * then either `submit` or `abandon`, once; no other pass of this queue is recorded in between. Passes
 * may be submitted while earlier ones run, also more than `maxInFlight`. `S` is what the driver keeps
 * for a piece of memory; what was not released goes with the pass.
 */
export interface DriverPass<S> {
  /** The same ops in every pass. */
  readonly kernels: Kernels;
  /** Uninitialised memory; `byteLength` may be 0. */
  alloc(byteLength: number): S;
  /** Memory from `alloc`. It may serve later allocations of this pass: ops run in order. */
  release(storage: S): void;
  /** View into memory from `alloc`, `input` or `slice`, at any element: aligned to its dtype, no more. */
  slice(storage: S, byteOffset: number, byteLength: number): S;
  /** Copies host bytes into the pass before it returns. They may start at any address. */
  input(bytes: Uint8Array): S;
  /** Sets every byte to `value`. */
  fill(storage: S, byteLength: number, value: 0x00 | 0xff): void;
  /** A hint: what is recorded so far may start. */
  flush?(): void;
  /** Runs what was recorded and resolves with a copy of exactly `result`'s bytes. Rejects with DeviceError. */
  submit(result: S, byteLength: number): Promise<ArrayBuffer>;
  /** Forgets the recording; the driver is as it was, once what `flush` started has run. */
  abandon(): void;
}

/** What the author of a driver writes; `createDriver` makes a Driver of it. */
export interface DriverImplementation<S> {
  readonly specVersion: number;
  readonly name: string;
  readonly capabilities: Capabilities;
  /**
   * Takes a weight in, converted and laid out as the role allows. `dtype` is one of `weightDtypes`, and what
   * a matrix or table shall be kept in; f32 for a vector. The view holds floats or, where `dtype` is i8, may hold
   * i8 with `scales`, which were checked, lie in memory as f32 and are kept as they are; floats become i8 exactly as
   * `quantizeRows` says. May finish in the background before the next pass. Throws ModelFileError that names a weight with a value that `dtype`
   * cannot hold; where that is found in the background, every pass that uses the weight rejects with it.
   */
  createWeight(view: WeightView, role: TensorRole, dtype: WeightDType): S;
  /** Passes submitted before, by clones too, may still read it. */
  releaseWeight(storage: S): void;
  beginPass(): DriverPass<S>;
  /** An independent queue over the same weights. Absent: unsupported. */
  clone?(): DriverImplementation<S>;
  /**
   * Frees everything of this queue, and the weights when it is the last one over them. Called once,
   * when no pass is in flight.
   */
  close(): Promise<void>;
}
