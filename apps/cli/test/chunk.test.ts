import fc from "fast-check";
import { expect, test } from "vitest";
import { type Chunk, chunkText } from "../src/chunk.js";
import { estimateTokens } from "../src/estimate-tokens.js";

const code = { maxTokens: 40, prose: false };
const prose = { maxTokens: 40, prose: true };
const ranges = (chunks: Iterable<Chunk>) => [...chunks].map(({ from, to }) => [from, to]);

/** Words of one token each. */
const words = (count: number) => new Array<string>(count).fill("word").join(" ");

test("sections of a document become separate chunks", () => {
  const text = ["# One", "", words(12), "", "## Two", "", words(15), "", words(5)].join("\n");
  expect(ranges(chunkText(text, prose))).toEqual([
    [1, 3],
    [5, 9],
  ]);
});

test("a tiny section joins the next one", () => {
  const text = ["# Title", "", "## First", "", words(12)].join("\n");
  expect(ranges(chunkText(text, prose))).toEqual([[1, 5]]);
});

test("a line in a code block that looks like a heading is not one", () => {
  const text = ["# Install", words(12), "", "```sh", "# a comment", words(3), "```"].join("\n");
  expect(ranges(chunkText(text, prose))).toEqual([[1, 7]]);
});

test("functions are kept whole, with the comment above them", () => {
  const fn = (name: string) => [`/** ${words(6)} */`, `function ${name}() {`, `  ${words(8)}`, "}"];
  const text = [...fn("a"), "", ...fn("b"), "", ...fn("c")].join("\n");
  expect(ranges(chunkText(text, code))).toEqual([
    [1, 4],
    [6, 9],
    [11, 14],
  ]);
});

test("a cut inside a section repeats two lines", () => {
  const text = Array.from({ length: 12 }, () => `  ${words(9)}`).join("\n");
  const found = ranges(chunkText(text, code));
  expect(found[0]?.[0]).toBe(1);
  expect(found.at(-1)?.[1]).toBe(12);
  found.slice(1).forEach(([from = 0], index) => {
    expect(from).toBe((found[index]?.[1] ?? 0) - 1);
  });
});

test("a line too long for a chunk is cut at spaces, and all parts have its number", () => {
  const text = `short\n${words(100)}\nend`;
  const chunks = [...chunkText(text, code)];
  const long = chunks.filter(({ text: piece }) => piece.includes("word word"));
  expect(long.length).toBeGreaterThanOrEqual(3);
  expect(long.every(({ from, to }) => from <= 2 && to >= 2)).toBe(true);
  expect(chunks.every(({ text: piece }) => !/(^|\s)(w|wo|wor|ord|rd|d)(\s|$)/.test(piece))).toBe(
    true,
  );
});

test("blank text and punctuation alone give no chunks", () => {
  expect([...chunkText("", prose)]).toEqual([]);
  expect([...chunkText("\n  \n\t\n", prose)]).toEqual([]);
});

test("every line is in a chunk, in order, and no chunk is too large", () => {
  const line = fc.constantFrom(
    "",
    "# h",
    "  x = 1",
    "}",
    "alpha beta gamma",
    words(17),
    "你好世界",
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), fc.boolean(), (all, isProse) => {
      const chunks = [...chunkText(all.join("\n"), { maxTokens: 20, prose: isProse })];
      const covered = new Set<number>();
      for (const { text, from, to } of chunks) {
        expect(text).toBe(all.slice(from - 1, to).join("\n"));
        expect(estimateTokens(text)).toBeLessThanOrEqual(20);
        for (let number = from; number <= to; number++) covered.add(number);
      }
      all.forEach((content, index) => {
        if (/[\p{L}\p{N}]/u.test(content)) expect(covered.has(index + 1)).toBe(true);
      });
      const starts = chunks.map(({ from }) => from);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
    }),
    { numRuns: 300 },
  );
});

test("a line without spaces is cut in bounded time, whatever its characters", () => {
  for (const sign of ["a", "1", "\u0301", "-", "你", " "]) {
    const chunks = [...chunkText(`x${sign.repeat(200_000)}`, { maxTokens: 200, prose: true })];
    expect(Math.max(...chunks.map((chunk) => chunk.text.length))).toBeLessThanOrEqual(4800);
  }
});

test("chunks of signs are kept when a file has nothing else, and left out otherwise", () => {
  const options = { maxTokens: 20, prose: false };
  expect([...chunkText("🥔🍲\n", options)]).toEqual([{ text: "🥔🍲", from: 1, to: 1 }]);
  expect([...chunkText("--- !!!\n", options)]).toEqual([{ text: "--- !!!", from: 1, to: 1 }]);
  const mixed = [...chunkText(`${"some words here ".repeat(8)}\n\n${"}\n".repeat(40)}`, options)];
  expect(mixed.every((chunk) => /[a-z]/.test(chunk.text))).toBe(true);
  expect([...chunkText(" \n\t\n\n", options)]).toEqual([]);
});
