import { compilePattern } from "../regex/compile-pattern.js";
import type { StepFields } from "../step-fields.js";
import type { PreTokenizer } from "../steps.js";
import { byteCharacters } from "../unicode/byte-characters.js";
import { lazy } from "../unicode/lazy.js";

/** The pattern of GPT-2. Its matches cover every character. */
export const gpt2Words: string = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

const words = lazy(() => compilePattern({ source: gpt2Words, isRegex: true }));

/** Splits into words, when the file enables it, and writes their bytes. */
export function byteLevel(step: StepFields): PreTokenizer {
  const addSpace = step.flag("add_prefix_space");
  const useRegex = step.optionalFlag("use_regex") ?? true;
  return ({ text, atStart }) => {
    if (text === "") return [];
    const spaced = addSpace && !text.startsWith(" ") ? ` ${text}` : text;
    const parts = useRegex ? (words().cover(spaced) ?? []) : [spaced];
    return parts.map((part, i) => ({ text: byteCharacters(part), atStart: atStart && i === 0 }));
  };
}
