import type { CodePointSet } from "../unicode/code-point-set.js";

/** Classes are counted in bytes where they are remembered. */
const maxClasses = 255;

/** Puts code points into classes, so that each of some sets has all of a class or nothing of it. */
export class CharacterClasses {
  /** Range i begins at `#starts[i]` and is of class `#classes[i]`. */
  readonly #starts: readonly number[];
  readonly #classes: readonly number[];
  /** A code point of each class. */
  readonly #members: number[] = [];
  /** Class of each code point below 2^16, plus 1; 0 where it is still to be found. */
  readonly #known: Uint8Array = new Uint8Array(0x10000);

  /** Throws RangeError when the sets make more than 255 classes. */
  constructor(sets: readonly CodePointSet[]) {
    const bounds = new Set([0]);
    for (const set of sets) {
      for (let i = 0; i < set.length; i += 2) bounds.add(set[i] ?? 0).add((set[i + 1] ?? 0) + 1);
    }
    this.#starts = [...bounds].sort((a, b) => a - b);
    const keys = keysOf(this.#starts, sets);
    const classOfKey = new Map<string, number>();
    this.#classes = keys.map((key, i) => {
      const known = classOfKey.get(key);
      if (known !== undefined) return known;
      classOfKey.set(key, this.#members.length);
      return this.#members.push(this.#starts[i] ?? 0) - 1;
    });
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

  /** A code point of the class. */
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

/** For each range of `starts`: which sets have it. */
function keysOf(starts: readonly number[], sets: readonly CodePointSet[]): string[] {
  const keys = starts.map(() => "");
  for (const set of sets) {
    let at = 0;
    for (const [i, start] of starts.entries()) {
      while (at < set.length && (set[at + 1] ?? 0) < start) at += 2;
      keys[i] += start >= (set[at] ?? Infinity) ? "1" : "0";
    }
  }
  return keys;
}
