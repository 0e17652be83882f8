import { expect, test } from "vitest";
import { parseLengths } from "../src/lengths.js";
import { about, byteSize, clock, compact } from "../src/numbers.js";
import { promptText } from "../src/prompts.js";
import { searchPrompts } from "../src/search-prompts.js";
import { median, quantile } from "../src/statistics.js";

const model = { id: "m", prompts: { query: "query: ", passage: "passage: " } };

test("--prompt is a name, or a text recognisable by a space or punctuation", () => {
  expect(promptText("query", model)).toBe("query: ");
  expect(promptText("search: ", model)).toBe("search: ");
  expect(promptText("", model)).toBe("");
  expect(promptText(undefined, model)).toBe("");
  expect(promptText(undefined, { ...model, defaultPromptName: "passage" })).toBe("passage: ");
  expect(() => promptText("qeury", model)).toThrow(
    /no prompt named "qeury" \(it has query, passage\)/,
  );
  expect(() => promptText("search", { id: "m", prompts: {} })).toThrow(/it has none/);
  expect(promptText("query", { id: "m", prompts: {} })).toBe("");
});

test("search uses the model's prompts for query and passages", () => {
  expect(searchPrompts(model.prompts)).toEqual({ query: "query: ", passage: "passage: " });
  expect(searchPrompts({ query: "q: ", document: "d: " })).toEqual({
    query: "q: ",
    passage: "d: ",
  });
  expect(searchPrompts({})).toEqual({ query: "", passage: "" });
});

test("length distributions", () => {
  expect(parseLengths("2x16,1x600", 512).tokens).toEqual([16, 16, 512]);
  const mixed = parseLengths("mixed", 512);
  expect(mixed.tokens).toHaveLength(256);
  expect(mixed.tokens).toEqual(parseLengths("mixed", 512).tokens);
  expect(Math.min(...mixed.tokens)).toBeGreaterThanOrEqual(8);
  expect(mixed.description).toMatch(/^mixed: 256 texts, \d+–\d+ tokens, median \d+, mean 1\d\d$/);
  for (const wrong of ["", "32", "0x16", "4x2", "a", "200000x16"]) {
    expect(() => parseLengths(wrong, 512), wrong).toThrow(/--lengths/);
  }
});

test("numbers for display", () => {
  expect([0, 999, 1234, 45_600, 123_456, 1_200_000].map(compact)).toEqual([
    "0",
    "999",
    "1,234",
    "45.6k",
    "123k",
    "1.2M",
  ]);
  expect([7, 3412, 12_345].map(about)).toEqual(["7", "3,400", "12,000"]);
  expect([7, 750, 3723].map(clock)).toEqual(["0:07", "12:30", "1:02:03"]);
  expect([512, 3400, 66_700_000].map(byteSize)).toEqual(["512 B", "3.4 kB", "66.7 MB"]);
  expect(median([5, 1, 9])).toBe(5);
  expect(quantile([0, 10], 0.25)).toBe(2.5);
});
