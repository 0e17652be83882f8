/** Reads the source of a pattern character by character. */
export class PatternReader {
  readonly source: string;
  readonly #characters: readonly string[];
  #at = 0;

  constructor(source: string) {
    this.source = source;
    this.#characters = Array.from(source);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#characters.length;
  }

  /** The next character, or "" at the end. */
  peek(ahead = 0): string {
    return this.#characters[this.#at + ahead] ?? "";
  }

  next(): string {
    if (this.isAtEnd) throw this.unsupported("an unexpected end");
    const character = this.peek();
    this.#at++;
    return character;
  }

  /** Whether the given text comes next; if so, it is consumed. */
  take(text: string): boolean {
    const characters = Array.from(text);
    if (characters.some((character, i) => this.peek(i) !== character)) return false;
    this.#at += characters.length;
    return true;
  }

  /** The text before the next `end`; both are consumed. */
  until(end: string): string {
    let text = "";
    while (!this.take(end)) text += this.next();
    return text;
  }

  unsupported(construct: string): Error {
    return new Error(
      `the pattern ${JSON.stringify(this.source)} has ${construct}, which is not supported`,
    );
  }
}
