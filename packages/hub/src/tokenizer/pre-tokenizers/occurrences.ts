import type { MatchFinder } from "./split-piece.js";

/** For longer needles, indexOf may take time that grows with the length of the needle. */
const longNeedle = 64;

/** The places where a non-empty text occurs, without overlaps. */
export function occurrencesOf(needle: string): MatchFinder {
  return needle.length < longNeedle ? byIndexOf(needle) : byFallback(needle);
}

function byIndexOf(needle: string): MatchFinder {
  return (text) => {
    const matches: number[] = [];
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
      matches.push(at, at + needle.length);
    }
    return matches;
  };
}

/** The algorithm of Knuth, Morris and Pratt. Its time is linear in the text for every needle. */
function byFallback(needle: string): MatchFinder {
  const fallbacks = fallbacksOf(needle);
  return (text) => {
    const matches: number[] = [];
    let matched = 0;
    for (let at = 0; at < text.length; at++) {
      matched = extended(needle, fallbacks, matched, text.charCodeAt(at));
      if (matched < needle.length) continue;
      matches.push(at + 1 - needle.length, at + 1);
      matched = 0;
    }
    return matches;
  };
}

/**
 * For each prefix of the needle: the length of the longest shorter prefix that is also its suffix.
 */
function fallbacksOf(needle: string): Int32Array {
  const fallbacks = new Int32Array(needle.length + 1);
  for (let end = 1; end < needle.length; end++) {
    const before = fallbacks[end] ?? 0;
    fallbacks[end + 1] = extended(needle, fallbacks, before, needle.charCodeAt(end));
  }
  return fallbacks;
}

/** The length of the matched prefix after one more unit, when it was `matched` before. */
function extended(needle: string, fallbacks: Int32Array, matched: number, unit: number): number {
  let length = matched;
  while (length > 0 && needle.charCodeAt(length) !== unit) length = fallbacks[length] ?? 0;
  return needle.charCodeAt(length) === unit ? length + 1 : length;
}
