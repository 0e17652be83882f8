/**
 * The merges of a BPE model: which two neighbouring ids become which id, and with which priority
 * (rank 0 first).
 */
export class MergeTable {
  readonly #lefts: Int32Array;
  readonly #rights: Int32Array;
  readonly #results: Int32Array;
  /** Open addressing: a slot holds the rank + 1 of its merge, or 0 when it is empty. */
  readonly #slots: Int32Array;
  readonly #mask: number;
  #idLimit = 0;

  /** Allocates slots for `count` merges. */
  constructor(count: number) {
    this.#lefts = new Int32Array(count);
    this.#rights = new Int32Array(count);
    this.#results = new Int32Array(count);
    const slots = 2 ** Math.ceil(Math.log2(2 * count + 2));
    this.#slots = new Int32Array(slots);
    this.#mask = slots - 1;
  }

  /** The later of two merges of the same pair is kept. */
  set(rank: number, left: number, right: number, result: number): void {
    this.#lefts[rank] = left;
    this.#rights[rank] = right;
    this.#results[rank] = result;
    this.#slots[this.#slotOf(left, right)] = rank + 1;
    this.#idLimit = Math.max(this.#idLimit, left + 1, right + 1, result + 1);
  }

  /** Rank of the merge of two ids, or -1. */
  rankOf(left: number, right: number): number {
    return (this.#slots[this.#slotOf(left, right)] ?? 0) - 1;
  }

  /** Number of merges. */
  get size(): number {
    return this.#results.length;
  }

  /** All ids in merges are below this. */
  get idLimit(): number {
    return this.#idLimit;
  }

  /**
   * The two ids that the merge of this rank joins, and the id that it makes; -1 for a rank without
   * a merge.
   */
  mergeAt(rank: number): {
    readonly left: number;
    readonly right: number;
    readonly result: number;
  } {
    return {
      left: this.#lefts[rank] ?? -1,
      right: this.#rights[rank] ?? -1,
      result: this.#results[rank] ?? -1,
    };
  }

  /** The id that the merge of this rank makes. */
  resultOf(rank: number): number {
    return this.#results[rank] ?? -1;
  }

  #slotOf(left: number, right: number): number {
    const hash = Math.imul(left, 0x9e3779b1) + Math.imul(right, 0x85ebca77);
    let slot = (hash ^ (hash >>> 15)) & this.#mask;
    for (;;) {
      const rank = (this.#slots[slot] ?? 0) - 1;
      if (rank < 0 || (this.#lefts[rank] === left && this.#rights[rank] === right)) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }
}
