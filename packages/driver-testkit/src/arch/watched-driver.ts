import type { Driver } from "@ripvec/core";
import { changedDriver } from "../run/changed-driver.js";

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
  const driver = changedDriver(inner, {
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
  });
  return { driver, log };
}
