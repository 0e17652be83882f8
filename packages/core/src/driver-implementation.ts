import type { Capabilities } from "./capabilities.js";
import type { DType, WeightDType } from "./dtype.js";
import type { SequenceLayout } from "./layout.js";
import type { OpArgs, OpName } from "./ops.js";
import type { Tensor, TensorRole } from "./tensor.js";
import type { WeightView } from "./weights.js";

/** Version of the contract in this file. Every driver states the version that it was written for. */
export const specVersion = 2;

/** An argument of an op as a kernel gets it: the memory of its tensors has the driver's own type `S`. */
export type KernelArg<T, S> =
  T extends Tensor<infer D extends DType>
    ? Tensor<D, S>
    : T extends SequenceLayout
      ? SequenceLayout<S>
      : T;

/** The arguments of an op as a kernel gets them. */
export type KernelArgs<K extends OpName, S> = {
  [P in keyof OpArgs[K]]: KernelArg<OpArgs[K][P], S>;
};

/**
 * The kernels of a driver, by the names of their ops. `S` is the driver's own type for memory, that of weights included. A
 * kernel gets checked arguments. An output overlaps an input only where the spec lists that input in `inPlace`. The object
 * of arguments belongs to the caller, which may change it after the call.
 */
export type Kernels<S> = { readonly [K in OpName]?: (args: KernelArgs<K, S>) => void };

/**
 * One pass, as a driver implements it. All calls are synchronous: first those of the recording, then one call of either
 * `submit` or `abandon`. No other pass of the same driver is recorded meanwhile. Passes may be submitted while earlier
 * ones run, and more of them than `maxInFlight`. Memory that was not released is freed with the pass. `S` is the driver's
 * own type for memory of a pass, and `W` that for weights, if they differ.
 */
export interface DriverPass<S, W = S> {
  /** Every pass has kernels for the same ops. */
  readonly kernels: Kernels<S | W>;
  /** Uninitialised memory; `byteLength` may be 0. */
  alloc(byteLength: number): S;
  /** Ends the use of memory from `alloc`. Later allocations of this pass may reuse it, since ops run in order. */
  release(storage: S): void;
  /** A view into memory from `alloc`, `input` or `slice`. It is aligned to the size of one element. */
  slice(storage: S, byteOffset: number, byteLength: number): S;
  /** Copies bytes of the host into the pass before it returns. They may start at any address. */
  input(bytes: Uint8Array): S;
  /** Sets every byte to `value`. */
  fill(storage: S, byteLength: number, value: 0x00 | 0xff): void;
  /** A hint that the ops recorded so far may start. */
  flush?(): void;
  /** Runs the recorded ops and resolves with a copy of the bytes of `result`. Rejects with DeviceError. */
  submit(result: S, byteLength: number): Promise<ArrayBuffer>;
  /** Discards the recording. Ops that `flush` started may still run; they must not affect later passes. */
  abandon(): void;
}

/** What the author of a driver writes. `createDriver` makes a Driver of it. `S` and `W` are those of `DriverPass`. */
export interface DriverImplementation<S, W = S> {
  readonly specVersion: number;
  readonly name: string;
  readonly capabilities: Capabilities;
  /**
   * Makes a weight, converted to `dtype` and arranged as its role allows. `dtype` is one of `weightDtypes`, and f32 for a
   * vector. The view holds floats, which become i8 exactly as `quantizeRows` says. If `dtype` is i8, the view may hold
   * i8 instead, with `scales` that were checked and lie in memory as f32; both are kept unchanged. The work may be
   * completed in the background before the next pass. Throws ModelFileError, as `unheldValueError` makes it, for a value
   * that `dtype` cannot hold; if that is found in the background, every pass that uses the weight rejects with it.
   */
  createWeight(view: WeightView, role: TensorRole, dtype: WeightDType): W;
  /** Frees a weight. Passes that were submitted before, also by clones, may still read it. */
  releaseWeight(storage: W): void;
  beginPass(): DriverPass<S, W>;
  /** Makes a driver with a queue of its own that shares the weights. Absent: cloning is not supported. */
  clone?(): DriverImplementation<S, W>;
  /**
   * Frees all that this driver holds, and the weights if it is the last one that uses them. Called once, when no pass is
   * in flight.
   */
  close(): Promise<void>;
}
