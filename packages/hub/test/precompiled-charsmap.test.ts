import { expect, test } from "vitest";
import { PrecompiledCharsmap } from "../src/tokenizer/normalizers/precompiled-charsmap.js";
import { createTokenizer } from "../src/tokenizer.js";
import { compileCharsmap } from "./charsmap-builder.js";
import { unigramTokenizerJson } from "./tokenizer-fixtures.js";

const table = {
  "\u00a0": " ",
  "\u200b": "",
  ﬁ: "fi",
  "①": "1",
  "e\u0301": "é",
  가: "한",
  "\u{1f600}": ":)",
  ｶ: "カ",
  "\ufffd": " ",
};
const charsmap = new PrecompiledCharsmap(compileCharsmap(table));

test.each([
  ["plain text", "plain text"],
  ["", ""],
  ["a\u00a0b\u200bc", "a bc"],
  ["ﬁn ①②", "fin 1②"],
  ["cafe\u0301", "café"],
  // A cluster of 6 bytes or more is processed code point by code point: "e" stays, and so does each
  // mark.
  ["e\u0301\u0301\u0301", "e\u0301\u0301\u0301"],
  // The replacement of the shortest known prefix replaces the whole cluster.
  ["①\u0301", "1"],
  ["\u{1f600}!", ":)!"],
  ["가ｶ", "한カ"],
  ["nul\u0000stays", "nul\u0000stays"],
])("%j becomes %j", (text, expected) => {
  expect(charsmap.normalize(text)).toBe(expected);
});

test("long texts and long clusters give what their parts give", () => {
  const family = "👩\u200d👩\u200d👧🏽";
  const parts = [
    "ﬁn",
    "①\u0301",
    "plain ASCII words ",
    "e\u0301",
    `x${"\u0301".repeat(300)}`,
    family,
    "가",
    "🇩🇪🇫🇷",
    "\r\n",
  ];
  const whole = Array.from(
    { length: 2000 },
    (_, i) => parts[(i * i + (i >> 3)) % parts.length] ?? "",
  );
  const expected = whole.map((part) => charsmap.normalize(part)).join("");
  expect(charsmap.normalize(whole.join("")) === expected).toBe(true);
  expect(charsmap.normalize("\u0301".repeat(100_000)).length).toBe(100_000);
});

test("a megabyte takes seconds at most, not time quadratic in its length", () => {
  const text = "ｶ naïve 中文 ①".repeat(90_000);
  expect(charsmap.normalize(text).length).toBe(text.length);
}, 30_000);

test("the tokenizer uses the table of its file, also inside a sequence", () => {
  const json = unigramTokenizerJson();
  const step = {
    type: "Precompiled",
    precompiled_charsmap: compileCharsmap({ X: "hello", Ⅷ: "lo" }),
  };
  const plain = createTokenizer(json).encode("hello lo");
  for (const normalizer of [step, { type: "Sequence", normalizers: [step] }]) {
    expect(createTokenizer({ ...json, normalizer }).encode("X Ⅷ")).toEqual(plain);
  }
});

test.each(["", "AAAA", "BAAAAA==", "/////w==", "!"])(
  "%j is not a table",
  (precompiled_charsmap) => {
    const normalizer = { type: "Precompiled", precompiled_charsmap };
    expect(() => createTokenizer({ ...unigramTokenizerJson(), normalizer })).toThrow(
      expect.objectContaining({ code: "MODEL_FILE" }),
    );
  },
);
