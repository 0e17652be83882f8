import type { Driver } from "@ripvec/core";
import type { CreateDriver } from "../suites/suite.js";
import { changedDriver } from "./changed-driver.js";

/** The calls that a test waits for, in words. */
export class PendingCalls {
  readonly #counts = new Map<string, number>();

  /** Counts `call` as pending until `promise` settles, and returns `promise`. */
  watch<T>(call: string, promise: Promise<T>): Promise<T> {
    this.#counts.set(call, (this.#counts.get(call) ?? 0) + 1);
    const settled = () => void this.#counts.set(call, (this.#counts.get(call) ?? 1) - 1);
    promise.then(settled, settled);
    return promise;
  }

  /** Makes drivers whose calls are counted. */
  watching(createDriver: CreateDriver): () => Promise<Driver> {
    return async () => {
      const opened = this.watch("createDriver", (async () => createDriver())());
      return this.#watched(await opened);
    };
  }

  #watched(driver: Driver): Driver {
    const close = () => this.watch("close", driver.close());
    return changedDriver(driver, {
      run: (record, options) => this.watch("submit of a pass", driver.run(record, options)),
      clone: () => this.#watched(driver.clone()),
      close,
      [Symbol.asyncDispose]: close,
    });
  }

  toString(): string {
    const pending = [...this.#counts].filter(([, count]) => count > 0);
    if (pending.length === 0) return "no call of the driver is pending, so the test was only slow";
    const calls = pending.map(([call, count]) => (count === 1 ? call : `${count} × ${call}`));
    return `pending, neither resolved nor rejected: ${calls.join(", ")}`;
  }
}
