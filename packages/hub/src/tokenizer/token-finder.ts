import { endsWithWord, spacesEnd, spacesStart, startsWithWord } from "./text-edges.js";
import { type Found, TokenSearch } from "./token-search.js";

/**
 * A part of a text, in UTF-16 units: a token that was found, or, when `id` is undefined, the text
 * between two tokens.
 */
export interface Part {
  readonly id: number | undefined;
  readonly start: number;
  readonly end: number;
}

/** A token to look for. */
export interface SoughtToken {
  readonly id: number;
  /** Its form in the text; not empty. */
  readonly pattern: string;
  /** It is found only where no word character is next to it. */
  readonly singleWord: boolean;
  /** It includes the white space before it, and after it. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** It is found but treated as text; tokens inside it are not searched either. */
  readonly ignored: boolean;
}

/** Splits texts at tokens: of those that begin first, the longest. */
export class TokenFinder {
  readonly tokens: readonly SoughtToken[];
  readonly search: TokenSearch;

  constructor(tokens: readonly SoughtToken[]) {
    this.tokens = tokens;
    this.search = new TokenSearch(tokens.map(({ pattern }) => pattern));
  }

  /** The parts of a text in order, none of them empty. */
  *cut(text: string): Generator<Part, void, undefined> {
    let done = 0;
    let spaces = 0; // where the white space ends that a token before has taken
    for (let from = 0; ; ) {
      const found = this.search.next(text, from, true);
      if (!found || !("index" in found)) break;
      const token = this.tokens[found.index];
      from = found.end;
      if (!token || !countsAsToken(token, text, found)) continue;
      // White space that the previous token includes stays with it.
      const start = token.lstrip ? spacesStart(text, found.start, done) : found.start;
      if (token.rstrip && spaces < found.end) spaces = spacesEnd(text, found.end);
      const end = token.rstrip ? spaces : found.end;
      if (done < start) yield { id: undefined, start: done, end: start };
      // A white-space token that the previous token includes entirely does not count.
      if (start < end) yield { id: token.id, start, end };
      done = token.lstrip ? Math.max(done, end) : end;
    }
    if (done < text.length) yield { id: undefined, start: done, end: text.length };
  }
}

/** Whether the occurrence counts as the token. */
export function countsAsToken(token: SoughtToken, text: string, { start, end }: Found): boolean {
  if (token.ignored) return false;
  return !token.singleWord || !(endsWithWord(text, start) || startsWithWord(text, end));
}
