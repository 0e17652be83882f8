import type { Calls } from "./calls.js";

/** The calls of one engine to its device for embedding one load once, after warm-up. */
export interface CallsRow extends Calls {
  readonly load: string;
  readonly engine: string;
}

/** The calls of each engine's latest run. */
export class CallLog {
  readonly #latest = new Map<string, Calls>();

  set(engine: string, calls: Calls): void {
    this.#latest.set(engine, calls);
  }

  /** Returns the rows of the load that was measured last, and discards them. */
  take(load: string): CallsRow[] {
    const rows = [...this.#latest].map(([engine, calls]) => ({ load, engine, ...calls }));
    this.#latest.clear();
    return rows;
  }
}
