import { spacesEnd, spacesStart } from "../text-edges.js";
import { countsAsToken, type SoughtToken, type TokenFinder } from "../token-finder.js";
import type { Steps } from "./stage.js";

/** Receives the parts of a text that `TokenFinder.cut` gives. */
export interface PartReceiver {
  /**
   * A part of the text between two tokens. `start` is its position in UTF-16 units; `isFirst` says
   * that it follows a token or the start of the text.
   */
  plain(text: string, start: number, isFirst: boolean): Steps;
  /** The text between two tokens ends, if there was any. */
  plainEnd(): Steps;
  token(id: number): void;
}

/** Splits a text at tokens, as `TokenFinder.cut` does, for a text that arrives in parts. */
export class Finding {
  readonly #finder: TokenFinder;
  readonly #receiver: PartReceiver;
  readonly #holdsSpaces: boolean;
  /** Text that was not searched yet, with the character before it. */
  #text = "";
  /**
   * Index in `#text` where the unsearched text begins, and position of `#text` in the whole text.
   */
  #done = 0;
  #offset = 0;
  /** White space that a following token may include. */
  #spaces: { readonly text: string; readonly start: number }[] = [];
  /** Whether the previous token includes the white space that comes now. */
  #isTaking = false;
  #isOpen = false;

  constructor(finder: TokenFinder, receiver: PartReceiver) {
    this.#finder = finder;
    this.#receiver = receiver;
    this.#holdsSpaces = finder.tokens.some((token) => token.lstrip);
  }

  *text(part: string): Steps {
    if (this.#finder.tokens.length === 0) {
      yield* this.#put(part, this.#offset);
      this.#offset += part.length;
      return;
    }
    this.#text += part;
    yield* this.#run(false);
    const kept = Math.max(0, this.#done - 2);
    this.#text = this.#text.slice(kept);
    this.#offset += kept;
    this.#done -= kept;
  }

  *end(): Steps {
    yield* this.#run(true);
    yield* this.#releaseSpaces();
    yield* this.#close();
    this.#text = "";
    this.#done = 0;
    this.#offset = 0;
    this.#isTaking = false;
  }

  *#run(isWhole: boolean): Steps {
    for (;;) {
      const found = this.#finder.search.next(this.#text, this.#done, isWhole);
      if (found === undefined) return yield* this.#pass(this.#text.length);
      if ("from" in found) return yield* this.#pass(found.from);
      const token = this.#finder.tokens[found.index];
      const needsNext = token?.singleWord && !token.ignored;
      // The next character may be a surrogate pair.
      if (needsNext && !isWhole && found.end >= this.#text.length - 1) {
        return yield* this.#pass(found.start);
      }
      if (token && countsAsToken(token, this.#text, found)) {
        yield* this.#pass(found.start);
        yield* this.#token(token, this.#text.slice(found.start, found.end));
        this.#done = found.end;
      } else yield* this.#pass(found.end);
      yield;
    }
  }

  /** The text up to `end` contains no token. */
  *#pass(end: number): Steps {
    const part = this.#text.slice(this.#done, end);
    const offset = this.#offset + this.#done;
    this.#done = end;
    const start = this.#isTaking ? spacesEnd(part, 0) : 0;
    if (start === part.length) return;
    this.#isTaking = false;
    const stop = this.#holdsSpaces ? spacesStart(part, part.length, start) : part.length;
    if (stop > start) {
      yield* this.#releaseSpaces();
      yield* this.#put(part.slice(start, stop), offset + start);
    }
    if (stop < part.length) this.#spaces.push({ text: part.slice(stop), start: offset + stop });
  }

  *#token(token: SoughtToken, found: string): Steps {
    const isSpace = spacesEnd(found, 0) === found.length;
    // White space that the previous token includes is not a token that includes the space before
    // it.
    if (this.#isTaking && token.lstrip && isSpace) return;
    if (token.lstrip) this.#spaces = [];
    else yield* this.#releaseSpaces();
    yield* this.#close();
    this.#receiver.token(token.id);
    this.#isTaking = token.rstrip;
  }

  *#releaseSpaces(): Steps {
    const spaces = this.#spaces;
    this.#spaces = [];
    for (const { text, start } of spaces) yield* this.#put(text, start);
  }

  *#put(text: string, start: number): Steps {
    if (text === "") return;
    const isFirst = !this.#isOpen;
    this.#isOpen = true;
    yield* this.#receiver.plain(text, start, isFirst);
  }

  *#close(): Steps {
    if (this.#isOpen) yield* this.#receiver.plainEnd();
    this.#isOpen = false;
  }
}
