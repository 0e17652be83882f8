/** The mark of the highest combining class; it is the only mark of that class. */
const highest = "\u0345";

const memory = new Map<string, boolean>();

/**
 * Whether a character that does not decompose further moves before marks of a higher combining
 * class than its own.
 */
export function isNonStarter(character: string): boolean {
  if (!/\p{M}/u.test(character)) return false;
  let known = memory.get(character);
  if (known === undefined) {
    const text = highest + character;
    known = character === highest || text.normalize("NFD") !== text;
    memory.set(character, known);
  }
  return known;
}

/** Marks in the order of their combining classes; marks of equal class keep their order. */
export class OrderedMarks {
  /** The marks of each class, the lowest class first. */
  readonly #classes: string[][] = [];
  readonly #classOf = new Map<string, string[]>();

  /** `mark` is a non-starter. */
  add(mark: string): void {
    this.of(mark).push(mark);
  }

  get classes(): readonly (readonly string[])[] {
    return this.#classes;
  }

  /** The marks so far that have the class of this one. */
  of(mark: string): string[] {
    const known = this.#classOf.get(mark);
    if (known) return known;
    let at = 0;
    for (; at < this.#classes.length; at++) {
      const other = this.#classes[at]?.[0] ?? mark;
      if (movesBefore(other, mark)) break;
      if (movesBefore(mark, other)) continue;
      const same = this.#classes[at] ?? [];
      this.#classOf.set(mark, same);
      return same;
    }
    const marks: string[] = [];
    this.#classes.splice(at, 0, marks);
    this.#classOf.set(mark, marks);
    return marks;
  }
}

/** Whether `second` is of a lower class than `first`. */
function movesBefore(first: string, second: string): boolean {
  const text = first + second;
  return text.normalize("NFD") !== text;
}
