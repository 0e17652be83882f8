import type { Capabilities, Driver } from "@ripvec/core";
import type {
  DType,
  HostArrays,
  OpName,
  Ops,
  RunOptions,
  Tensor,
  TensorOptions,
  TensorRole,
  WeightTensor,
  WeightView,
} from "@ripvec/core/driver";
import type { PendingCalls } from "./pending-calls.js";

/** A driver that tells `calls` which of its promises have not settled. Otherwise it is the given driver. */
export class WatchedDriver implements Driver {
  readonly #driver: Driver;
  readonly #calls: PendingCalls;

  constructor(driver: Driver, calls: PendingCalls) {
    this.#driver = driver;
    this.#calls = calls;
  }

  get specVersion(): number {
    return this.#driver.specVersion;
  }
  get name(): string {
    return this.#driver.name;
  }
  get capabilities(): Capabilities {
    return this.#driver.capabilities;
  }
  get kernelNames(): ReadonlySet<OpName> {
    return this.#driver.kernelNames;
  }
  get supportsClone(): boolean {
    return this.#driver.supportsClone;
  }
  get closed(): boolean {
    return this.#driver.closed;
  }

  createTensor<R extends TensorRole>(
    view: WeightView,
    role: R,
    options?: TensorOptions,
  ): WeightTensor<R> {
    return this.#driver.createTensor(view, role, options);
  }

  releaseTensor(tensor: Tensor): void {
    this.#driver.releaseTensor(tensor);
  }

  run<D extends DType>(
    record: (ops: Ops) => Tensor<D>,
    options?: RunOptions,
  ): Promise<HostArrays[D]> {
    return this.#calls.watch("submit of a pass", this.#driver.run(record, options));
  }

  clone(): Driver {
    return new WatchedDriver(this.#driver.clone(), this.#calls);
  }

  close(): Promise<void> {
    return this.#calls.watch("close", this.#driver.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
