import type { MergeTable } from "./merge-table.js";

/** Longer tokens, in symbols, are not expected: it would take too long to prove where a word may be cut. */
const longestProved = 2_000;
/** How often all merges are gone through; trained ones need it twice. */
const maxRounds = 20;
/** Merges that are looked at before a pause. */
const stepLength = 4_096;

/** How many symbols the tokens of a BPE model are made of. */
export class MergeSpans {
  readonly #merges: MergeTable;
  readonly #bases: () => Iterable<number>;
  #longest: number | undefined;
  #isKnown = false;

  /** `bases` gives the ids of symbols that are not merged. */
  constructor(merges: MergeTable, bases: () => Iterable<number>) {
    this.#merges = merges;
    this.#bases = bases;
  }

  /**
   * The most symbols that one token is made of. Undefined when it is above 2,000, or when an id is made of different
   * numbers of symbols: there the order of merges may not be that of their ranks.
   */
  *longest(): Generator<undefined, number | undefined, undefined> {
    if (!this.#isKnown) this.#longest = yield* this.#find();
    this.#isKnown = true;
    return this.#longest;
  }

  *#find(): Generator<undefined, number | undefined, undefined> {
    const spans = new Map<number, number>();
    let count = 0;
    for (const id of this.#bases()) {
      spans.set(id, 1);
      if (++count % stepLength === 0) yield;
    }
    for (let round = 0; round < maxRounds; round++) {
      const before = spans.size;
      if (!(yield* this.#addSpans(spans))) return undefined;
      if (spans.size > before) continue;
      let longest = 1;
      for (const span of spans.values()) longest = Math.max(longest, span);
      return longest <= longestProved ? longest : undefined;
    }
    return undefined;
  }

  /** Adds what merges make of known ids; false when an id has two spans. */
  *#addSpans(spans: Map<number, number>): Generator<undefined, boolean, undefined> {
    for (let rank = 0; rank < this.#merges.size; rank++) {
      if (rank % stepLength === 0) yield;
      const { left, right, result } = this.#merges.mergeAt(rank);
      const span = (spans.get(left) ?? Number.NaN) + (spans.get(right) ?? Number.NaN);
      if (Number.isNaN(span)) continue;
      const known = spans.get(result);
      if (known !== undefined && known !== span) return false;
      spans.set(result, span);
    }
    return true;
  }
}
