import { uniform } from "../../../apps/cli/src/uniform.js";

/** Random numbers from a seed: the same seed makes the same cases. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = uniform(seed);
  }

  /** A whole number from 0 to `limit` − 1; 0 when the limit is 0. */
  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  oneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  }
}
