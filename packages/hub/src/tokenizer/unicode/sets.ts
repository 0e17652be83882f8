import { type CodePointSet, classBody, includes } from "./code-point-set.js";
import { decodeSet } from "./decode.js";
import * as encoded from "./generated/text-sets.js";
import { lazy } from "./lazy.js";

/** White space in Rust and in Oniguruma. */
export const whiteSpace: () => CodePointSet = lazy(() => decodeSet(encoded.whiteSpace));
/** Characters that BertNormalizer's `clean_text` removes. */
export const bertRemoved: () => CodePointSet = lazy(() => decodeSet(encoded.bertRemoved));
/** Characters that BertNormalizer's `handle_chinese_chars` puts between spaces. */
export const bertIdeographs: () => CodePointSet = lazy(() => decodeSet(encoded.bertIdeographs));
/** Characters that BertNormalizer's `strip_accents` removes. */
export const bertMarks: () => CodePointSet = lazy(() => decodeSet(encoded.bertMarks));
/** Characters that StripAccents removes. */
export const combiningMarks: () => CodePointSet = lazy(() => decodeSet(encoded.combiningMarks));
/** Punctuation of BertPreTokenizer and Punctuation. */
export const punctuation: () => CodePointSet = lazy(() => decodeSet(encoded.punctuation));
/** Characters that Digits treats as digits. */
export const numeric: () => CodePointSet = lazy(() => decodeSet(encoded.numeric));

/** Whether a code point is white space. */
export const includesSpace = (code: number): boolean => includes(whiteSpace(), code);

/**
 * A regular expression of classes, compiled when it is first used: `pattern` gets the bodies of the
 * sets' classes.
 */
export function lazyRegExp(
  sets: readonly (() => CodePointSet)[],
  pattern: (...classBodies: readonly string[]) => string,
): () => RegExp {
  return lazy(() => new RegExp(pattern(...sets.map((set) => classBody(set()))), "gu"));
}
