import { describe, expect, test } from "vitest";
import { type Chunk, chunkText } from "../src/engine/chunk-text.js";

const countWords = (text: string) => text.split(/\s+/).filter((word) => word !== "").length;
const limits = { maxTokens: 10, overlapTokens: 3 };
const chunks = (text: string, more = {}) => [
  ...chunkText(text, countWords, { ...limits, ...more }),
];
const texts = (list: readonly Chunk[]) => list.map(({ text }) => text);

describe("chunkText", () => {
  test("keeps a text that fits in one chunk, with its line", () => {
    expect(chunks("\n\n  One two three.\nFour five. \n\n")).toEqual([
      { text: "One two three.\nFour five.", line: 3, end: 29 },
    ]);
  });

  test.each(["", " \n\t\n\r\n "])("finds nothing in %j", (text) => {
    expect(chunks(text)).toEqual([]);
  });

  test("ends a chunk with its paragraph once it is half full", () => {
    const text = "One two three four five six.\n\nSeven eight.\r\n\r\nNine ten eleven.\n";
    expect(texts(chunks(text))).toEqual([
      "One two three four five six.",
      "Seven eight.\r\n\r\nNine ten eleven.",
    ]);
    expect(chunks(text).map(({ line }) => line)).toEqual([1, 3]);
  });

  test("cuts between sentences, and repeats the last one when it is short", () => {
    const text = "A b c d. E f g. H i. J k l m n. O p q r s t.";
    expect(texts(chunks(text))).toEqual([
      "A b c d. E f g. H i.",
      "H i. J k l m n.",
      "O p q r s t.",
    ]);
  });

  test("begins a new chunk with a heading, and never has a heading alone", () => {
    const text = "One two three four.\n\n# Head line of it\n\nFive six.";
    expect(texts(chunks(text))).toEqual(["One two three four.", "# Head line of it\n\nFive six."]);
  });

  test("treats text after a heading without a blank line as the section's text", () => {
    const text = "One two three.\n\n# Head\nA b c.\nD e f. G.\n\n# Next\nH i.";
    expect(texts(chunks(text))).toEqual([
      "One two three.",
      "# Head\nA b c.\nD e f. G.",
      "# Next\nH i.",
    ]);
  });

  test.each([
    ["an endless sentence", Array.from({ length: 95 }, (_, i) => `w${i}`).join(" ")],
    ["words without a space", "x".repeat(5000)],
    ["characters beyond U+FFFF", "😀".repeat(3000)],
    ["a long line between short ones", `A b.\n\n${"lorem ipsum ".repeat(300)}\n\nC d.`],
  ])("no chunk is too long, and no text is lost: %s", (_, text) => {
    const count = (words: string) => Math.max(countWords(words), Math.ceil(words.length / 9));
    const list = [...chunkText(text, count, limits)];
    for (const { text: words } of list) {
      expect(count(words)).toBeLessThanOrEqual(limits.maxTokens + 2);
      expect(words).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/);
    }
    let covered = 0;
    for (const { text: words, end } of list) {
      const start = end - words.length;
      expect(text.slice(start, end)).toBe(words);
      expect(text.slice(covered, Math.max(covered, start)).trim()).toBe("");
      covered = Math.max(covered, end);
    }
    expect(text.slice(covered).trim()).toBe("");
  });
});
