import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern } from "../../../src/tokenizer/regex/compile-pattern.js";
import { emitPattern } from "../../../src/tokenizer/regex/emit.js";
import { matchesOf } from "../../../src/tokenizer/regex/matches.js";
import { createSearch } from "../../../src/tokenizer/regex/search.js";
import { randomPattern, randomText } from "./random-patterns.js";

const numRuns = Number(process.env.RIPVEC_FUZZ_RUNS ?? 500);

test("a search finds what JavaScript's engine finds", () => {
  const texts = fc.array(randomText, { minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(randomPattern, texts, ({ source, pattern }, all) => {
      const search = createSearch(pattern, source).find;
      const expression = new RegExp(emitPattern(pattern), "gu");
      expect(all.map(search)).toEqual(all.map((text) => matchesOf(expression, text)));
    }),
    { numRuns },
  );
});

const find = (source: string, text: string): readonly number[] =>
  compilePattern({ source, isRegex: true }).find(text);

const length = 50_000;

describe("a pattern for which other engines take years or minutes is matched at once", () => {
  test.each([
    ["(a+)+$", "a", "!", []],
    ["(a|a)*b", "a", "b", [0, length + 1]],
    ["(a|aa)+$", "a", "!", []],
    ["(?:.+)+x", "a", "!", []],
    ["(x+x+)+y", "x", "y", [0, length + 1]],
    ["\\s+(?=x)", " ", "!", []],
    ["\\s+$", " ", "x", []],
    ["(?>a+)b", "a", "!", []],
    ["a++b", "a", "!", []],
    ["a*a*a*b", "a", "!", []],
    ["(?=.*x)a", "a", "!", []],
    ["(?<=^|a)a+b", "a", "!", []],
    ["\\d{1,3}(?=(?:\\d{3})*\\b)", "1", "", undefined],
  ])("%s", (source, character, end, expected) => {
    const matches = find(source, character.repeat(length) + end);
    if (expected) expect(matches).toEqual(expected);
    else expect(matches.length / 2).toBe(Math.ceil(length / 3));
  });
});

describe("a pattern that takes too much work is refused by name", () => {
  test.each(["(?:a|ab|b){1,900}c", "(?:a|b){1,900}b"])("%s", (source) => {
    expect(() => find(source, "a".repeat(length))).toThrow(
      expect.objectContaining({
        code: "MODEL_FILE",
        message: expect.stringContaining(
          `the pattern "${source}" takes too much work in a text of ${length} characters`,
        ),
      }),
    );
    expect(find(source, "aabc")[0]).toBe(0);
  });

  test.each([
    ["is too large: more than 20000 parts", "(?:(?:a|b){100}){1000}c"],
    ["is longer than 10000 characters", "a".repeat(10_001)],
    ["is nested too deeply", `${"(".repeat(4999)}a${")".repeat(4999)}`],
  ])("when it is compiled: it %s", (message, source) => {
    expect(() => find(source, "a")).toThrow(message);
  });
});

test("a match that is too long for JavaScript's engine is still found", () => {
  const { find, cover } = compilePattern({
    source: "\\p{L}+|\\s+(?!\\S)|\\s+",
    isRegex: true,
  });
  const count = 8_000_000;
  const text = `${"a".repeat(count)} b`;
  expect(find(text)).toEqual([0, count, count, count + 1, count + 1, count + 2]);
  expect(cover(text)?.map(({ length }) => length)).toEqual([count, 1, 1]);
});
