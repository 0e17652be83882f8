import { classBody, setOf } from "./code-point-set.js";
import { decodeMap } from "./decode.js";
import { lowercaseMap } from "./generated/case.js";
import { lazy } from "./lazy.js";

const isAscii = /^[\0-\x7f]*$/;

const table = lazy(() => {
  const letters = decodeMap(lowercaseMap);
  const lower = new Map<string, string>([["İ", "i\u0307"]]);
  for (const [from, to] of letters) lower.set(String.fromCodePoint(from), String.fromCodePoint(to));
  const capitals = classBody(setOf(0x130, ...letters.keys()));
  return { lower, capitals: new RegExp(`[${capitals}]`, "gu") };
});

/**
 * Lowercases character by character, as Rust's `char::to_lowercase` does: a final Σ becomes σ like
 * every other.
 */
export function lowercase(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase();
  const { lower, capitals } = table();
  return text.replace(capitals, (capital) => lower.get(capital) ?? capital);
}
