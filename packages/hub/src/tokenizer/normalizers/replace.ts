import { occurrencesOf } from "../pre-tokenizers/occurrences.js";
import { compilePattern } from "../regex/compile-pattern.js";
import type { StepFields } from "../step-fields.js";
import type { LimitedNormalizer } from "./growth.js";

/**
 * Writes `content` literally in place of every match of `pattern`. Throws RangeError when the text
 * grows too long.
 */
export function replace(step: StepFields): LimitedNormalizer {
  const content = step.text("content");
  const pattern = step.pattern("pattern");
  const isPlain = !pattern.isRegex && pattern.source !== "";
  const find = isPlain ? occurrencesOf(pattern.source) : compilePattern(pattern).find;
  return (text, maxLength) => replaceAt(text, find(text), { content, maxLength });
}

/**
 * Writes `content` in place of the text at `matches`. Throws RangeError when the text becomes
 * longer than `maxLength`.
 */
export function replaceAt(
  text: string,
  matches: readonly number[],
  { content, maxLength }: { readonly content: string; readonly maxLength: number },
): string {
  if (matches.length === 0) return text;
  if (lengthWith(text, matches, content) > maxLength)
    throw new RangeError("the text becomes too long");
  let out = "";
  let end = 0;
  for (let i = 0; i < matches.length; i += 2) {
    out += text.slice(end, matches[i]) + content;
    end = matches[i + 1] ?? end;
  }
  return out + text.slice(end);
}

/** The length of the result. */
function lengthWith(text: string, matches: readonly number[], content: string): number {
  let length = text.length;
  for (let i = 0; i < matches.length; i += 2) {
    length += content.length - ((matches[i + 1] ?? 0) - (matches[i] ?? 0));
  }
  return length;
}
