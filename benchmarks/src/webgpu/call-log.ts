import type { Calls } from "./calls.js";

/** What one engine asked of its device to embed one load once, with everything warm. */
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

  /** Rows of the load that has just been measured; forgets them. */
  take(load: string): CallsRow[] {
    const rows = [...this.#latest].map(([engine, calls]) => ({ load, engine, ...calls }));
    this.#latest.clear();
    return rows;
  }
}
