import { uniform } from "../../../apps/cli/src/uniform.js";

/** Random numbers from a seed, so that a run can be repeated with the same cases. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = uniform(seed);
  }

  /** An integer from 0 to `limit` − 1, or 0 when the limit is 0. */
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
