import type { Driver } from "@ripvec/core";

/** What a driver was asked to do. */
export interface DriverLog {
  /** The weights that were created and not released. */
  weights: number;
  /** The calls of `createTensor`. */
  created: number;
  /** The calls of `run`. */
  runs: number;
  readonly clones: Driver[];
}

export interface WatchedDriver {
  readonly driver: Driver;
  readonly log: DriverLog;
}

/** The same driver, with a log of its calls. */
export function watched(inner: Driver): WatchedDriver {
  const log: DriverLog = { weights: 0, created: 0, runs: 0, clones: [] };
  const driver: Driver = {
    specVersion: inner.specVersion,
    name: inner.name,
    capabilities: inner.capabilities,
    kernelNames: inner.kernelNames,
    supportsClone: inner.supportsClone,
    get closed() {
      return inner.closed;
    },
    createTensor(view, role, options) {
      const tensor = inner.createTensor(view, role, options);
      log.weights++;
      log.created++;
      return tensor;
    },
    releaseTensor(tensor) {
      inner.releaseTensor(tensor);
      log.weights--;
    },
    run(record, options) {
      log.runs++;
      return inner.run(record, options);
    },
    clone() {
      const clone = inner.clone();
      log.clones.push(clone);
      return clone;
    },
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner.close(),
  };
  return { driver, log };
}
