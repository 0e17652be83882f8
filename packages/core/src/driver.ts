import type { Capabilities } from "./capabilities.js";
import { checkedWeight, weightDType } from "./check-weight.js";
import { type DType, type HostArrays, hostArray, type WeightDType } from "./dtype.js";
import { ClosedError, TensorStateError, UnsupportedError } from "./errors.js";
import { widened } from "./narrow/widened.js";
import type { OpArgs, OpName, Ops } from "./ops.js";
import { Recording } from "./recording.js";
import { type Tensor, TensorHandle, type TensorOwner, type TensorRole } from "./tensor.js";
import type { WeightView } from "./weights.js";

/** Version of the contract in this file. A driver states the one it was written for. */
export const specVersion = 1;

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

export interface RunOptions {
  /** Fills what `ops.alloc` returns with NaN bytes first. For tests. */
  readonly poison?: boolean;
}

export interface TensorOptions {
  /**
   * What a matrix or table is kept in, whatever dtype the checkpoint has. By default a table stays as it is, a
   * matrix of i8 too, where the driver has that dtype; other matrices are kept in f32. A vector has no choice.
   */
  readonly dtype?: WeightDType | undefined;
}

/** A device that holds tensors and runs passes of ops on them. */
export interface Driver {
  readonly specVersion: number;
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Ops for which the driver brings its own kernel. */
  readonly kernelNames: ReadonlySet<OpName>;
  /**
   * Makes a weight of f32, f16 or bf16 data, a matrix or table also of i8 data with scales. It lives until this
   * driver and all its clones are closed, or `releaseTensor`. Throws DTypeError, or ShapeError unless a matrix or
   * table is 2-D; UnsupportedError for a dtype outside `capabilities.weightDtypes`, InputError for one asked for a
   * vector, ModelFileError for i8 data without scales that fit, are finite and at least 0. A weight with a value that
   * its dtype cannot hold is refused with ModelFileError, here or by every pass that uses it (for a table: that reads
   * the row): finite values that f16 or bf16 round to infinity, and NaN and infinity in i8. A driver may refuse NaN and
   * infinity in the same way in every weight. A file that was changed after the model was opened is refused too, here
   * or by every pass that reads it.
   */
  createTensor(view: WeightView, role: TensorRole, options?: TensorOptions): Tensor;
  /** Frees a weight behind the passes that were submitted before; later ones must not use it. */
  releaseTensor(tensor: Tensor): void;
  /**
   * Calls `record` once, before it returns, then submits. Resolves with the values of the tensor
   * that `record` returned. If `record` throws, nothing is submitted and the promise rejects with its
   * error. Inside `record` another `run` of this driver rejects with TypeError.
   */
  run<D extends DType>(
    record: (ops: Ops) => Tensor<D>,
    options?: RunOptions,
  ): Promise<HostArrays[D]>;
  readonly supportsClone: boolean;
  /** An independent queue over the same weights. Throws UnsupportedError when `supportsClone` is false. */
  clone(): Driver;
  readonly closed: boolean;
  /** Waits for passes in flight and frees everything. A second call does nothing. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Wraps an implementation with validation, scopes, composed defaults and lifecycle. */
export function createDriver<S>(implementation: DriverImplementation<S>): Driver {
  return new RecordingDriver(implementation, { kind: "weights", alive: true, users: 0 });
}

interface SharedWeights extends TensorOwner {
  users: number;
}

class RecordingDriver<S> implements Driver {
  readonly #impl: DriverImplementation<S>;
  readonly #weights: SharedWeights;
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;
  #kernelNames: ReadonlySet<OpName> | undefined;
  #isRecording = false;

  constructor(impl: DriverImplementation<S>, weights: SharedWeights) {
    this.#impl = impl;
    this.#weights = weights;
    weights.users++;
  }

  get specVersion(): number {
    return this.#impl.specVersion;
  }
  get name(): string {
    return this.#impl.name;
  }
  get capabilities(): Capabilities {
    return this.#impl.capabilities;
  }
  get closed(): boolean {
    return this.#closing !== undefined;
  }
  get supportsClone(): boolean {
    return this.#impl.clone !== undefined;
  }

  get kernelNames(): ReadonlySet<OpName> {
    if (!this.#kernelNames) {
      this.#open();
      const pass = this.#impl.beginPass();
      this.#kernelNames = namesOf(pass);
      pass.abandon();
    }
    return this.#kernelNames;
  }

  createTensor(view: WeightView, role: TensorRole, options: TensorOptions = {}): Tensor {
    this.#open();
    const checked = checkedWeight(view, role);
    const dtype = weightDType(this, role, options.dtype, view.dtype);
    const given = view.dtype === "i8" && dtype !== "i8" ? widened(checked) : checked;
    const storage = this.#impl.createWeight(given, role, dtype);
    return new TensorHandle({ dtype, shape: view.shape, storage, owner: this.#weights, role });
  }

  releaseTensor(tensor: Tensor): void {
    if (!(tensor instanceof TensorHandle) || tensor.owner !== this.#weights) {
      throw new TensorStateError({
        op: "releaseTensor",
        argument: "tensor",
        reason: "is no weight of this driver",
      });
    }
    if (!tensor.usable) return;
    this.#open();
    tensor.freed = true;
    this.#impl.releaseWeight(tensor.storage as S);
  }

  async run<D extends DType>(
    record: (ops: Ops) => Tensor<D>,
    options: RunOptions = {},
  ): Promise<HostArrays[D]> {
    this.#open();
    if (this.#isRecording) throw new TypeError("run: record must not run another pass");
    const pass = this.#impl.beginPass();
    this.#kernelNames ??= namesOf(pass);
    this.#isRecording = true;
    const recording = new Recording(pass, this.capabilities, this.#weights, options);
    let result: TensorHandle<D>;
    try {
      result = recording.finish(record(recording.ops));
      this.#open();
    } catch (error) {
      pass.abandon();
      throw error;
    } finally {
      this.#isRecording = false;
      recording.end();
    }
    const submitted = pass.submit(result.storage as S, result.byteLength);
    this.#running.add(submitted);
    try {
      return hostArray(result.dtype, await submitted);
    } finally {
      this.#running.delete(submitted);
    }
  }

  clone(): Driver {
    this.#open();
    if (!this.#impl.clone) {
      throw new UnsupportedError({
        what: `operation of driver ${this.name}`,
        value: "clone",
        supported: [],
      });
    }
    return new RecordingDriver(this.#impl.clone(), this.#weights);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#running);
    this.#weights.users--;
    if (this.#weights.users === 0) this.#weights.alive = false;
    await this.#impl.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #open(): void {
    if (this.closed) throw new ClosedError(`driver ${this.name}`);
  }
}

function namesOf<S>({ kernels }: DriverPass<S>): ReadonlySet<OpName> {
  return new Set(Object.keys(kernels) as OpName[]);
}
