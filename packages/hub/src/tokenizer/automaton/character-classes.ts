import type { CodePointSet } from "../unicode/code-point-set.js";

/** A class must fit into one byte of the table. */
const maxClasses = 255;

/** Divides the code points into classes so that each of the given sets is a union of classes. */
export class CharacterClasses {
  /** Range i begins at `#starts[i]` and has class `#classes[i]`. */
  readonly #starts: readonly number[];
  readonly #classes: Int32Array;
  /** One code point of each class. */
  readonly #members: number[] = [];
  /** Class of each code point below 2^16, plus 1; 0 where it is not computed yet. */
  readonly #known: Uint8Array = new Uint8Array(0x10000);

  /** Throws RangeError when the sets need more than 255 classes. */
  constructor(given: readonly CodePointSet[]) {
    const sets = [...new Map(given.map((set) => [set.join(), set])).values()];
    const bounds = new Set([0]);
    for (const set of sets) {
      for (let i = 0; i < set.length; i += 2) bounds.add(set[i] ?? 0).add((set[i + 1] ?? 0) + 1);
    }
    this.#starts = [...bounds].sort((a, b) => a - b);
    this.#classes = classesOf(this.#starts, sets);
    for (let i = 0; i < this.#starts.length; i++) {
      if (this.#classes[i] === this.#members.length) this.#members.push(this.#starts[i] ?? 0);
    }
    if (this.#members.length >= maxClasses) throw new RangeError("too many character classes");
  }

  get count(): number {
    return this.#members.length;
  }

  of(code: number): number {
    if (code > 0xffff) return this.#find(code);
    const known = this.#known[code] ?? 0;
    if (known > 0) return known - 1;
    const found = this.#find(code);
    this.#known[code] = found + 1;
    return found;
  }

  /** One code point of the class. */
  memberOf(index: number): number {
    return this.#members[index] ?? 0;
  }

  #find(code: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) <= code) low = middle;
      else high = middle;
    }
    return this.#classes[low] ?? 0;
  }
}

/**
 * The class of each range of `starts`, numbered from 0 in order of appearance. Each set splits the
 * classes that the sets before it made.
 */
function classesOf(starts: readonly number[], sets: readonly CodePointSet[]): Int32Array {
  const classes = new Int32Array(starts.length);
  for (const set of sets) {
    const split = new Map<number, number>();
    let at = 0;
    for (let i = 0; i < starts.length; i++) {
      const start = starts[i] ?? 0;
      while (at < set.length && (set[at + 1] ?? 0) < start) at += 2;
      const isIn = start >= (set[at] ?? Infinity);
      const part = 2 * (classes[i] ?? 0) + (isIn ? 1 : 0);
      const known = split.get(part);
      if (known === undefined) split.set(part, split.size);
      classes[i] = known ?? split.size - 1;
    }
  }
  return classes;
}
