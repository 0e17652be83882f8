import type { Capabilities } from "./capabilities.js";
import { checkedWeight, weightDType } from "./check-weight.js";
import { type Adapted, adapt, expectSpecVersion } from "./contract-versions.js";
import type { Driver, RunOptions, TensorOptions, WeightTensor } from "./driver.js";
import type { DriverImplementation, DriverPass } from "./driver-implementation.js";
import { type DType, type HostArrays, hostArray } from "./dtype.js";
import {
  ArgumentError,
  ClosedError,
  DeviceError,
  TensorStateError,
  UnsupportedError,
} from "./errors.js";
import { kindOf } from "./kind-of.js";
import { widened } from "./narrow/widened.js";
import type { OpName, Ops } from "./ops.js";
import { Recording } from "./recording.js";
import { type Tensor, TensorHandle, type TensorOwner, type TensorRole } from "./tensor.js";
import type { WeightView } from "./weights.js";

/**
 * Makes a Driver of an implementation: adds the checks of arguments, scopes, composed ops and the lifecycle. An
 * implementation of the previous `specVersion` is adapted. With any other one the driver can only be closed, and
 * `createTensor`, `run` and the like throw SpecVersionError.
 */
export function createDriver<S, W = S>(implementation: DriverImplementation<S, W>): Driver {
  return new RecordingDriver(implementation, { kind: "weights", alive: true, users: 0 });
}

/** What a driver shares with its clones. */
interface SharedWeights extends TensorOwner {
  users: number;
}

class RecordingDriver<S, W> implements Driver {
  readonly #impl: DriverImplementation<S, W>;
  readonly #takes: Adapted<S, W>["takes"];
  readonly #weights: SharedWeights;
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;
  #kernelNames: ReadonlySet<OpName> | undefined;
  #isRecording = false;

  constructor(impl: DriverImplementation<S, W>, weights: SharedWeights) {
    const { implementation, takes } = adapt(impl);
    this.#impl = implementation;
    this.#takes = takes;
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
      this.#assertUsable();
      const pass = this.#impl.beginPass();
      this.#kernelNames = namesOf(pass);
      pass.abandon();
    }
    return this.#kernelNames;
  }

  createTensor<R extends TensorRole>(
    view: WeightView,
    role: R,
    options: TensorOptions = {},
  ): WeightTensor<R> {
    this.#assertUsable();
    const checked = checkedWeight(view, role);
    const dtype = weightDType(this, role, options.dtype, view.dtype);
    const given = view.dtype === "i8" && dtype !== "i8" ? widened(checked) : checked;
    const storage = this.#impl.createWeight(given, role, dtype);
    const facts = { dtype, shape: view.shape, storage, owner: this.#weights, role };
    return new TensorHandle(facts) as Tensor as WeightTensor<R>;
  }

  releaseTensor(tensor: Tensor): void {
    if (!(tensor instanceof TensorHandle) || tensor.owner !== this.#weights) {
      throw new TensorStateError({
        op: "releaseTensor",
        argument: "tensor",
        reason: "must be a weight of this driver",
      });
    }
    if (!tensor.usable) return;
    this.#assertUsable();
    tensor.freed = true;
    this.#impl.releaseWeight(tensor.storage as W);
  }

  async run<D extends DType>(
    record: (ops: Ops) => Tensor<D>,
    options: RunOptions = {},
  ): Promise<HostArrays[D]> {
    this.#assertUsable();
    if (typeof record !== "function") {
      const reason = `must be a function, got ${kindOf(record)}`;
      throw new ArgumentError({ op: "run", argument: "record", reason });
    }
    if (this.#isRecording) {
      const reason = "must not call run of the same driver: return first, then run the next pass";
      throw new ArgumentError({ op: "run", argument: "record", reason });
    }
    const pass = this.#impl.beginPass();
    this.#kernelNames ??= namesOf(pass);
    const result = this.#record(pass, record, options);
    const submitted = pass.submit(result.storage, result.byteLength);
    this.#running.add(submitted);
    try {
      return hostArray(result.dtype, this.#resultBytes(await submitted, result.byteLength));
    } finally {
      this.#running.delete(submitted);
    }
  }

  /** Throws DeviceError if a driver resolved with anything but the bytes of the result. */
  #resultBytes(bytes: unknown, byteLength: number): ArrayBuffer {
    if (isArrayBuffer(bytes) && bytes.byteLength === byteLength) return bytes;
    const got = isArrayBuffer(bytes) ? `one of ${bytes.byteLength} bytes` : tagOf(bytes);
    const expected = `an ArrayBuffer of the ${byteLength} bytes of the result`;
    throw new DeviceError(this.name, `submit must resolve with ${expected}, got ${got}`);
  }

  /** The tensor to read back. Abandons the pass if `record` throws or closes the driver. */
  #record<D extends DType>(
    pass: DriverPass<S, W>,
    record: (ops: Ops) => Tensor<D>,
    options: RunOptions,
  ): TensorHandle<D, S> {
    const recording = new Recording({
      pass,
      capabilities: this.capabilities,
      weights: this.#weights,
      poison: options.poison,
      takes: this.#takes,
    });
    this.#isRecording = true;
    try {
      const result = recording.finish(record(recording.ops));
      this.#assertUsable();
      return result;
    } catch (error) {
      pass.abandon();
      throw error;
    } finally {
      this.#isRecording = false;
      recording.end();
    }
  }

  clone(): Driver {
    this.#assertUsable();
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

  #assertUsable(): void {
    if (this.closed) throw new ClosedError(`driver ${this.name}`);
    expectSpecVersion(this);
  }
}

/** Also true for a buffer of another realm, as a test runner or a worker may give it. */
function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return tagOf(value) === "ArrayBuffer";
}

/** "ArrayBuffer", "Uint8Array", "Undefined" and so on. */
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function namesOf<S, W>({ kernels }: DriverPass<S, W>): ReadonlySet<OpName> {
  return new Set(Object.keys(kernels) as OpName[]);
}
