import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { markWords, queryWords } from "../src/query-words.js";
import { type Hit, type RenderOptions, renderHit } from "../src/render.js";
import type { SnippetLine } from "../src/snippet.js";

const hit: Hit = {
  score: 0.41237,
  path: "src/pool.ts",
  from: 40,
  to: 45,
  text: "intro\n\nfunction allocTensor(slot: Slot) {\n  // recycles\tslots\n  return slot;\n}",
  tokens: 30,
  truncated: false,
};

const lines: readonly SnippetLine[] = [
  { number: 42, text: "function allocTensor(slot: Slot) {" },
  { number: 43, text: "  // recycles\tslots  " },
  { number: 44, text: "" },
  { number: 45, text: "}" },
];

const rendered = (query: string, shown: readonly SnippetLine[], options: RenderOptions) =>
  renderHit(hit, { rank: 1, lines: shown }, query, options);

test("a hit shows rank, score, location and the chosen lines", () => {
  expect(rendered("how are tensors recycled", lines, { color: false })).toBe(
    [
      " 1  0.412  src/pool.ts:40-45",
      "      42  function allocTensor(slot: Slot) {",
      "      43    // recycles  slots",
      "      44",
      "      45  }",
      "",
      "",
    ].join("\n"),
  );
});

test("in a terminal, words are highlighted and lines are cut to its width", () => {
  const text = rendered("tensors", lines, { color: true, columns: 32 });
  expect(text).toContain("\x1b[1m\x1b[33mTensor");
  const plain = stripVTControlCharacters(text).split("\n").slice(1);
  expect(Math.max(...plain.map((line) => line.length))).toBe(32);
});

test("a file cannot send commands to the terminal", () => {
  const text = "plain \x1b]0;title\x07\x1b[31m red \u202e end";
  const shown = rendered("plain", [{ number: 1, text }], { color: false });
  expect(shown).toContain("plain \\u{1b}]0;title\\u{7}\\u{1b}[31m red \\u{202e} end");
});

test("stop words are not marked", () => {
  const words = queryWords("How are the tensors recycled in a GPU pass?");
  expect(words.map(({ word, stem }) => [word, stem])).toEqual([
    ["tensors", "tensor"],
    ["recycled", "recycl"],
    ["gpu", "gpu"],
    ["pass", "pass"],
  ]);
});

test.each([
  [
    "keeps",
    "keepalive keeps, keep; it is keeping housekeeping",
    "keepalive [keeps], [keep]; it is [keeping] housekeeping",
  ],
  ["token", "tokens tokenizer aToken subtoken", "[tokens] [tokenizer] a[Token] subtoken"],
  [
    "thread pool",
    "ThreadPool THREADPOOL_SIZE thread_pool threadPool2",
    "[ThreadPool] [THREADPOOL]_SIZE [thread]_[pool] [threadPool2]",
  ],
  ["i8 gpu", "i8 i80 toI8 gpu gpus", "[i8] i80 to[I8] [gpu] gpus"],
  ["retries", "retry retried RETRIES", "retry [retried] [RETRIES]"],
])("%s marks words and their other forms only", (query, text, marked) => {
  expect(markWords(text, queryWords(query), (word) => `[${word}]`)).toBe(marked);
});

test("a cut does not split a character", () => {
  const text = `plain ${"😀".repeat(40)}`;
  for (const columns of [32, 33]) {
    const shown = rendered("plain", [{ number: 1, text }], { color: false, columns });
    expect(shown).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  }
});
