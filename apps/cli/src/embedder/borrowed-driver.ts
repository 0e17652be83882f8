import type { Driver } from "@ripvec/core";
import type {
  Tensor,
  TensorOptions,
  TensorRole,
  WeightTensor,
  WeightView,
} from "@ripvec/core/driver";

/**
 * A view of a driver that belongs to somebody else, such as an app that runs two models on one
 * driver. Closing the view releases the weights that were made through it, and leaves the driver
 * open.
 */
export function borrowed(driver: Driver): Driver {
  return new BorrowedDriver(driver);
}

class BorrowedDriver implements Driver {
  readonly #driver: Driver;
  readonly #weights = new Set<Tensor>();
  #closed = false;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  get specVersion(): Driver["specVersion"] {
    return this.#driver.specVersion;
  }
  get name(): string {
    return this.#driver.name;
  }
  get capabilities(): Driver["capabilities"] {
    return this.#driver.capabilities;
  }
  get kernelNames(): Driver["kernelNames"] {
    return this.#driver.kernelNames;
  }
  get supportsClone(): boolean {
    return this.#driver.supportsClone;
  }
  get closed(): boolean {
    return this.#closed || this.#driver.closed;
  }

  createTensor<R extends TensorRole>(
    view: WeightView,
    role: R,
    options?: TensorOptions,
  ): WeightTensor<R> {
    const weight = this.#driver.createTensor(view, role, options);
    this.#weights.add(weight);
    return weight;
  }

  releaseTensor(weight: Tensor): void {
    this.#weights.delete(weight);
    this.#driver.releaseTensor(weight);
  }

  run: Driver["run"] = (record, options) => this.#driver.run(record, options);

  clone(): Driver {
    return this.#driver.clone();
  }

  /** The passes that use the weights have ended: a backend closes its driver after them. */
  async close(): Promise<void> {
    this.#closed = true;
    const weights = [...this.#weights];
    this.#weights.clear();
    if (this.#driver.closed) return;
    for (const weight of weights) this.#driver.releaseTensor(weight);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
