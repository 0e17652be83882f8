import type { MergeTable } from "./merge-table.js";

/**
 * The work to find final tokens grows with the square of the longest token, in symbols. Words of a
 * model with longer tokens are encoded as a whole, which costs less for words below many megabytes.
 */
const maxProvenSpan = 256;
/** The most passes over all merges; trained models need two. */
const maxRounds = 20;
/** Models with larger ids are not analysed. */
const maxIdCount = 2 ** 24;
/** Merges, and tokens, that are processed before a pause. */
const stepLength = 2_048;

/** Number of symbols that the tokens of a BPE model consist of. */
export class MergeSpans {
  readonly #merges: MergeTable;
  readonly #bases: () => Iterable<number | undefined>;
  #longest: number | undefined;
  #isKnown = false;

  /** `bases` yields the ids of symbols before merging, and undefined. */
  constructor(merges: MergeTable, bases: () => Iterable<number | undefined>) {
    this.#merges = merges;
    this.#bases = bases;
  }

  /**
   * The most symbols in one token. Undefined when it is above 256, and when one id consists of
   * different numbers of symbols: then merges may not be applied in the order of their ranks.
   */
  *longest(): Generator<undefined, number | undefined, undefined> {
    if (!this.#isKnown) this.#longest = yield* this.#find();
    this.#isKnown = true;
    return this.#longest;
  }

  *#find(): Generator<undefined, number | undefined, undefined> {
    if (this.#merges.idLimit > maxIdCount) return undefined;
    const spans = new Int32Array(this.#merges.idLimit);
    yield* this.#addBases(spans);
    for (let round = 0; round < maxRounds; round++) {
      const added = yield* this.#addSpans(spans);
      if (added === undefined) return undefined;
      if (added > 0) continue;
      const longest = spans.reduce((most, span) => Math.max(most, span), 1);
      return longest <= maxProvenSpan ? longest : undefined;
    }
    return undefined;
  }

  *#addBases(spans: Int32Array): Generator<undefined, void, undefined> {
    let count = 0;
    for (const id of this.#bases()) {
      if (id !== undefined && id < spans.length) spans[id] = 1;
      if (++count % stepLength === 0) yield;
    }
  }

  /**
   * Adds the results of merges of known ids and returns their number; undefined when an id has two
   * spans.
   */
  *#addSpans(spans: Int32Array): Generator<undefined, number | undefined, undefined> {
    let added = 0;
    for (let rank = 0; rank < this.#merges.size; rank++) {
      if (rank % stepLength === 0) yield;
      const { left, right, result } = this.#merges.mergeAt(rank);
      const [first = 0, second = 0, known = 0] = [spans[left], spans[right], spans[result]];
      if (first === 0 || second === 0) continue;
      if (known !== 0 && known !== first + second) return undefined;
      if (known === 0) added++;
      spans[result] = first + second;
    }
    return added;
  }
}
