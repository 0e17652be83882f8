import type { CodePointSet } from "../unicode/code-point-set.js";
import { includes } from "../unicode/code-point-set.js";

/** Classes are counted in bytes where they are remembered. */
const maxClasses = 255;

/** Puts code points into classes, so that each of some sets has all of a class or nothing of it. */
export class CharacterClasses {
  /** Range i begins at `#starts[i]` and is of class `#classes[i]`. */
  readonly #starts: number[] = [];
  readonly #classes: number[] = [];
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
    const classOfKey = new Map<string, number>();
    for (const start of [...bounds].sort((a, b) => a - b)) {
      const key = sets.map((set) => (includes(set, start) ? "1" : "0")).join("");
      let index = classOfKey.get(key);
      if (index === undefined) {
        index = classOfKey.size;
        classOfKey.set(key, index);
        this.#members.push(start);
      }
      this.#starts.push(start);
      this.#classes.push(index);
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
