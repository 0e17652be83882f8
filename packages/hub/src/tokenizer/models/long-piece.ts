import type { PieceReader } from "../steps.js";
import type { Steps } from "../stream/stage.js";
import { hasMoreCharacters, type Vocabulary } from "./vocabulary.js";

interface LongPieceOptions {
  readonly vocabulary: Vocabulary;
  /** Tokens that continue a word, without the prefix. */
  readonly continuing: Vocabulary;
  /** Length of the longest token of each kind, in UTF-16 units. */
  readonly longestFirst: number;
  readonly longestNext: number;
  /** Words of more characters are unknown. */
  readonly maxChars: number;
  readonly unknown: number;
  readonly ids: number[];
}

/**
 * WordPiece of a long word, part by part. Before the end of the word only one result is final: that
 * the word is unknown.
 */
export class LongPiece implements PieceReader {
  readonly #options: LongPieceOptions;
  #found: number[] = [];
  #isUnknown = false;
  /** The text that no token covers yet. */
  #rest = "";
  #isFirst = true;
  /** Number of characters by which the word may still grow. */
  #charsLeft: number;

  constructor(options: LongPieceOptions) {
    this.#options = options;
    this.#charsLeft = options.maxChars;
  }

  *add(text: string): Steps {
    if (this.#isUnknown) return;
    if (hasMoreCharacters(text, this.#charsLeft)) {
      this.#giveUp();
      return;
    }
    this.#charsLeft -= Array.from(text).length;
    this.#rest += text;
    yield* this.#cover(Math.max(this.#options.longestFirst, this.#options.longestNext));
  }

  *end(): Steps {
    if (!this.#isUnknown) yield* this.#cover(1);
    for (const id of this.#found) this.#options.ids.push(id);
  }

  /** Takes the longest tokens while at least `min` units are left. */
  *#cover(min: number): Steps {
    const { vocabulary, continuing, longestFirst, longestNext } = this.#options;
    while (this.#rest.length >= Math.max(1, min) && !this.#isUnknown) {
      const tokens = this.#isFirst ? vocabulary : continuing;
      let end = Math.min(this.#rest.length, this.#isFirst ? longestFirst : longestNext);
      while (end > 0 && !tokens.has(this.#rest.slice(0, end))) end--;
      const id = tokens.get(this.#rest.slice(0, end));
      if (id === undefined || end === 0) this.#giveUp();
      else this.#found.push(id);
      this.#rest = this.#rest.slice(end);
      this.#isFirst = false;
      yield;
    }
  }

  #giveUp(): void {
    this.#isUnknown = true;
    this.#found = [];
    this.#options.ids.push(this.#options.unknown);
  }
}
