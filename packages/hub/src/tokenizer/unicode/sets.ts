import { type CodePointSet, classBody, includes } from "./code-point-set.js";
import { decodeSet } from "./decode.js";
import * as encoded from "./generated/text-sets.js";
import { lazy } from "./lazy.js";

/** White space of Rust and of Oniguruma. */
export const whiteSpace: () => CodePointSet = lazy(() => decodeSet(encoded.whiteSpace));
/** What BertNormalizer's `clean_text` takes away. */
export const bertRemoved: () => CodePointSet = lazy(() => decodeSet(encoded.bertRemoved));
/** What BertNormalizer's `handle_chinese_chars` puts between spaces. */
export const bertIdeographs: () => CodePointSet = lazy(() => decodeSet(encoded.bertIdeographs));
/** What BertNormalizer's `strip_accents` takes away. */
export const bertMarks: () => CodePointSet = lazy(() => decodeSet(encoded.bertMarks));
/** What StripAccents takes away. */
export const combiningMarks: () => CodePointSet = lazy(() => decodeSet(encoded.combiningMarks));
/** Punctuation of BertPreTokenizer and Punctuation. */
export const punctuation: () => CodePointSet = lazy(() => decodeSet(encoded.punctuation));
/** What Digits takes for a digit. */
export const numeric: () => CodePointSet = lazy(() => decodeSet(encoded.numeric));

/** Whether a code point is white space. */
export const includesSpace = (code: number): boolean => includes(whiteSpace(), code);

/** A regular expression of classes, made when it is first used: `pattern` gets the bodies of the sets' classes. */
export function lazyRegExp(
  sets: readonly (() => CodePointSet)[],
  pattern: (...classBodies: readonly string[]) => string,
): () => RegExp {
  return lazy(() => new RegExp(pattern(...sets.map((set) => classBody(set()))), "gu"));
}
