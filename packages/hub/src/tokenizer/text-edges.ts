import { codePointBefore } from "./unicode/code-point-before.js";
import { includes } from "./unicode/code-point-set.js";
import { rustWord } from "./unicode/rust-word.js";
import { includesSpace } from "./unicode/sets.js";

/** Whether a word character ends at `end`. */
export function endsWithWord(text: string, end: number): boolean {
  if (end === 0) return false;
  return includes(rustWord(), codePointBefore(text, end));
}

/** Whether a word character begins at `start`. */
export function startsWithWord(text: string, start: number): boolean {
  const code = text.codePointAt(start);
  return code !== undefined && includes(rustWord(), code);
}

/**
 * The start of the white space that ends at `end`, but not before `min`; `min` when that is
 * after `end`.
 */
export function spacesStart(text: string, end: number, min = 0): number {
  let at = Math.max(end, min);
  while (at > min && includesSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

/** The end of the white space that begins at `start`. */
export function spacesEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && includesSpace(text.charCodeAt(at))) at++;
  return at;
}
