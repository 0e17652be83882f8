import { endsWithWord, spacesEnd, spacesStart, startsWithWord } from "./text-edges.js";
import { Trie } from "./trie.js";

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
  readonly #tokens: readonly SoughtToken[];
  readonly #trie: Trie;
  /** Finds a UTF-16 unit that a token may begin with. */
  readonly #beginning: RegExp;

  constructor(tokens: readonly SoughtToken[]) {
    this.#tokens = tokens;
    this.#trie = new Trie(tokens.reduce((sum, { pattern }) => sum + pattern.length, 0));
    for (const [index, { pattern }] of tokens.entries()) this.#trie.set(pattern, index);
    const units = new Set(tokens.map(({ pattern }) => pattern.charCodeAt(0)));
    const escaped = Array.from(units, (unit) => `\\u${unit.toString(16).padStart(4, "0")}`);
    this.#beginning = new RegExp(`[${escaped.join("")}]`, "g");
  }

  /** The parts of a text in their order, none of them empty. */
  *cut(text: string): Generator<Part, void, undefined> {
    let done = 0;
    for (let at = this.#nextBeginning(text, 0); at >= 0; ) {
      const found = this.#longestAt(text, at);
      if (found === undefined) {
        at = this.#nextBeginning(text, at + 1);
        continue;
      }
      const { token, end: matchEnd } = found;
      if (stands(token, text, at, matchEnd)) {
        // White space that the token before has taken stays with it.
        const start = token.lstrip ? Math.max(spacesStart(text, at), done) : at;
        const end = token.rstrip ? spacesEnd(text, matchEnd) : matchEnd;
        if (done < start) yield { id: undefined, start: done, end: start };
        // A token of white space that the one before has taken whole is none.
        if (start < end) yield { id: token.id, start, end };
        done = token.lstrip ? Math.max(done, end) : end;
      }
      at = this.#nextBeginning(text, matchEnd);
    }
    if (done < text.length) yield { id: undefined, start: done, end: text.length };
  }

  #nextBeginning(text: string, from: number): number {
    if (this.#tokens.length === 0) return -1;
    this.#beginning.lastIndex = from;
    return this.#beginning.exec(text)?.index ?? -1;
  }

  #longestAt(text: string, start: number): { token: SoughtToken; end: number } | undefined {
    let longest: { token: SoughtToken; end: number } | undefined;
    let node = 0;
    for (let at = start; at < text.length; ) {
      node = this.#trie.step(node, text.charCodeAt(at++));
      if (node === 0) break;
      const token = this.#tokens[this.#trie.valueAt(node)];
      if (token) longest = { token, end: at };
    }
    return longest;
  }
}

/** Whether what was found counts as the token. */
function stands(token: SoughtToken, text: string, start: number, end: number): boolean {
  if (token.ignored) return false;
  return !token.singleWord || !(endsWithWord(text, start) || startsWithWord(text, end));
}
