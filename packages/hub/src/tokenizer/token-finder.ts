import { endsWithWord, spacesEnd, spacesStart, startsWithWord } from "./text-edges.js";
import { type Found, TokenSearch } from "./token-search.js";

/** A part of a text, in UTF-16 units: a token that was found, or the text between two where `id` is undefined. */
export interface Part {
  readonly id: number | undefined;
  readonly start: number;
  readonly end: number;
}

/** A token to look for. */
export interface SoughtToken {
  readonly id: number;
  /** What it looks like in the text; not empty. */
  readonly pattern: string;
  /** Found only where no word character touches it. */
  readonly singleWord: boolean;
  /** Takes the white space before it, and after it, along. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Found, but text all the same: tokens inside of it are not looked for either. */
  readonly ignored: boolean;
}

/** Cuts texts at tokens: of those that begin first, the longest. */
export class TokenFinder {
  readonly tokens: readonly SoughtToken[];
  readonly search: TokenSearch;

  constructor(tokens: readonly SoughtToken[]) {
    this.tokens = tokens;
    this.search = new TokenSearch(tokens.map(({ pattern }) => pattern));
  }

  /** The parts of a text in their order, none of them empty. */
  *cut(text: string): Generator<Part, void, undefined> {
    let done = 0;
    let spaces = 0; // where the white space ends that a token before has taken
    for (let from = 0; ; ) {
      const found = this.search.next(text, from, true);
      if (!found || !("index" in found)) break;
      const token = this.tokens[found.index];
      from = found.end;
      if (!token || !stands(token, text, found)) continue;
      // White space that the token before has taken stays with it.
      const start = token.lstrip ? spacesStart(text, found.start, done) : found.start;
      if (token.rstrip && spaces < found.end) spaces = spacesEnd(text, found.end);
      const end = token.rstrip ? spaces : found.end;
      if (done < start) yield { id: undefined, start: done, end: start };
      // A token of white space that the one before has taken whole is none.
      if (start < end) yield { id: token.id, start, end };
      done = token.lstrip ? Math.max(done, end) : end;
    }
    if (done < text.length) yield { id: undefined, start: done, end: text.length };
  }
}

/** Whether what was found counts as the token. */
export function stands(token: SoughtToken, text: string, { start, end }: Found): boolean {
  if (token.ignored) return false;
  return !token.singleWord || !(endsWithWord(text, start) || startsWithWord(text, end));
}
