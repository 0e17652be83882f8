declare global {
  /** One counter for each branch. The build of the fuzzer inserts them. */
  var __fuzzCounters: Uint8Array | undefined;
}

/** Groups counts as AFL does, by their order of magnitude. */
const minCounts = [1, 2, 3, 4, 8, 16, 32, 128];
const bucketOf = Uint8Array.from({ length: 256 }, (_, count) => {
  const reached = minCounts.filter((min) => min <= count).length;
  return (1 << reached) >> 1;
});

/** The branches that have run so far. Without instrumentation nothing is ever new. */
export class Coverage {
  readonly #counters: Uint8Array = globalThis.__fuzzCounters ?? new Uint8Array(8);
  readonly #words: Uint32Array = new Uint32Array(this.#counters.buffer);
  readonly #seen: Uint8Array = new Uint8Array(this.#counters.length);
  readonly #buckets: Uint8Array;

  /** With `onlyBranches`, the number of times that a branch runs is ignored. */
  constructor({ onlyBranches = false }: { readonly onlyBranches?: boolean } = {}) {
    this.#buckets = onlyBranches ? bucketOf.map((bits) => Math.min(bits, 1)) : bucketOf;
  }

  reset(): void {
    this.#counters.fill(0);
  }

  /** Branches that have run at least once. */
  get branches(): number {
    return this.#seen.reduce((sum, bits) => sum + (bits === 0 ? 0 : 1), 0);
  }

  /** Adds the branches since the last reset. True when one ran for the first time, or in a new order of magnitude. */
  add(): boolean {
    let isNew = false;
    for (let word = 0; word < this.#words.length; word += 1) {
      if (this.#words[word] === 0) continue;
      for (let i = 4 * word; i < 4 * word + 4; i += 1) {
        const bits = this.#buckets[this.#counters[i] ?? 0] ?? 0;
        const seen = this.#seen[i] ?? 0;
        if ((bits & ~seen) === 0) continue;
        this.#seen[i] = seen | bits;
        isNew = true;
      }
    }
    return isNew;
  }
}
