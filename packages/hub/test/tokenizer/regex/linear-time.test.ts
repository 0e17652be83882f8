import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { takesLinearTime } from "../../../src/tokenizer/regex/linear-time.js";
import { parsePattern } from "../../../src/tokenizer/regex/parse.js";
import { naiveSearch } from "./naive-search.js";
import { randomPattern, runPattern } from "./random-patterns.js";

const isLinear = (source: string): boolean => takesLinearTime(parsePattern(source));

const upper = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const lower = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
const endings = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const afterWords = String.raw`\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const lead = String.raw`[^\r\n\p{L}\p{N}]?`;

/** Patterns from tokenizer files, as their authors wrote them. */
const known: Record<string, string> = {
  "GPT-2": String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  "Llama 3": String.raw`${endings}|${lead}\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  Qwen: String.raw`${endings}|${lead}\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  "GPT-4": String.raw`'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s`,
  "GPT-4o": `${lead}${upper}*${lower}+${endings}?|${lead}${upper}+${lower}*${endings}?|${afterWords}`,
  "Mistral Tekken": `${lead}${upper}*${lower}+|${lead}${upper}+${lower}*|${afterWords}`,
  DeepSeek: String.raw`[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_${"`"}{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  BLOOM: String.raw` ?[^(\s|[.,!?…。，、।۔،])]+`,
  CLIP: String.raw`'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`,
  "DeepSeek LLM": String.raw`\s?[A-Za-zµÀ-Ö]+`,
  Falcon: "[0-9][0-9][0-9]",
  XLNet: " {2,}",
  spaces: String.raw`\s+`,
};

test.each(Object.entries(known))("%s runs on JavaScript's engine", (_, source) => {
  expect(isLinear(source)).toBe(true);
});

describe("patterns that take more than linear time are not classified as linear", () => {
  test.each([
    "(a+)+$",
    "(a|a)*b",
    "(a|aa)+$",
    "(?:.+)+x",
    "(x+x+)+y",
    "\\s+(?=x)",
    "\\s+$",
    "a*b",
    "a*a*b",
    "(?=.*x)a",
    "(?:\\s+x)?a",
    "(?>a+)b",
    "(?:a|b){1,30}c",
    "\\s*x|\\s|\\s+",
    "\\s*x|[^\\n]+",
    "\\s*x|a?\\s+",
    "[ab]*x|a+|b+",
    "a?[ab]*c|b[ab]+",
    "\\S+\\n|a*(?!\\s)",
    " ?a+(?!\\S)",
    "\\s*x|\\s++(?!\\S)",
    "\\s*a*b|\\s+",
  ])("%s", (source) => {
    expect(isLinear(source)).toBe(false);
  });
});

test("patterns classified as linear take about four times the steps for four times the text", () => {
  const numRuns = 3 * Number(process.env.RIPVEC_FUZZ_RUNS ?? 500);
  const characters = fc.constantFrom("a", "b", "c", " ", "\n", "é");
  const part = fc.array(characters, { maxLength: 4 }).map((all) => all.join(""));
  let proved = 0;
  fc.assert(
    fc.property(
      fc.oneof(randomPattern, runPattern),
      fc.tuple(part, part, part),
      ({ pattern }, [start, repeated, end]) => {
        if (repeated === "" || !takesLinearTime(pattern)) return;
        proved++;
        const stepsOf = (times: number) =>
          naiveSearch(pattern, start + repeated.repeat(times) + end).steps;
        expect(stepsOf(160)).toBeLessThan(5 * stepsOf(40));
      },
    ),
    { numRuns },
  );
  expect(proved).toBeGreaterThan(numRuns / 20);
});
