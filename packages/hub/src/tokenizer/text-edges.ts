import { includes, setOf, union } from "./unicode/code-point-set.js";
import { lazy } from "./unicode/lazy.js";
import { wordCharacters } from "./unicode/oniguruma-classes.js";
import { includesSpace } from "./unicode/sets.js";

/** Rust's \w, which has the two joiners that Oniguruma's has not. */
const word = lazy(() => union(wordCharacters(), setOf(0x200c, 0x200d)));

/** Whether a word character ends at `end`. */
export function endsWithWord(text: string, end: number): boolean {
  if (end === 0) return false;
  const pair = end > 1 ? (text.codePointAt(end - 2) ?? 0) : 0;
  return includes(word(), pair > 0xffff ? pair : text.charCodeAt(end - 1));
}

/** Whether a word character begins at `start`. */
export function startsWithWord(text: string, start: number): boolean {
  const code = text.codePointAt(start);
  return code !== undefined && includes(word(), code);
}

/** Where the white space begins that ends at `end`, but not before `least`; `least` where that is behind `end`. */
export function spacesStart(text: string, end: number, least = 0): number {
  let at = Math.max(end, least);
  while (at > least && includesSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Where the white space ends that begins at `start`. */
export function spacesEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && includesSpace(text.charCodeAt(at))) at++;
  return at;
}
