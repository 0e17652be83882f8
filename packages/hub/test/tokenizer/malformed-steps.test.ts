import { describe, expect, test } from "vitest";
import { createNormalizer } from "../../src/tokenizer/normalizers/create-normalizer.js";
import { createPreTokenizer } from "../../src/tokenizer/pre-tokenizers/create-pre-tokenizer.js";

const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme: "first", split: true };

describe("a malformed normalizer is refused by step and field", () => {
  test.each([
    [{ type: "Unicode" }, "normalizer Unicode: is not supported"],
    [{}, "the type of a normalizer must be a string"],
    ["NFC", "a normalizer must be an object"],
    [{ type: "Sequence", normalizers: [null] }, "a normalizer must be an object"],
    [{ type: "Sequence" }, 'normalizer Sequence: "normalizers" must be a list'],
    [{ type: "Strip", strip_left: true }, 'normalizer Strip: "strip_right" must be true or false'],
    [{ type: "BertNormalizer", lowercase: 1 }, '"lowercase" must be true or false'],
    [{ type: "Replace", content: "", pattern: "a" }, '"pattern" must be { String } or { Regex }'],
    [{ type: "Replace", content: "", pattern: { Regex: "\\X" } }, 'the pattern "\\\\X" has \\X'],
    [{ type: "Prepend" }, 'normalizer Prepend: "prepend" must be a string'],
    [
      { type: "Precompiled", precompiled_charsmap: "AAAA" },
      '"precompiled_charsmap" is not such a table',
    ],
  ])("%j", (json, message) => {
    expect(() => createNormalizer(json)).toThrow(message);
  });
});

describe("a malformed pre-tokenizer is refused by step and field", () => {
  test.each([
    [{ type: "Jieba" }, "pre-tokenizer Jieba: is not supported"],
    [{ type: "CharDelimiterSplit", delimiter: "ab" }, '"delimiter" must be one character'],
    [{ type: "FixedLength", length: 0 }, '"length" must be a positive integer'],
    [{ type: "Digits" }, '"individual_digits" must be true or false'],
    [{ type: "Punctuation", behavior: "removed" }, '"behavior" must be one of Removed, Isolated'],
    [{ type: "Split", pattern: { String: " " }, behavior: "Isolated" }, '"invert" must be'],
    [
      { type: "Metaspace", replacement: "▁", add_prefix_space: false },
      '"add_prefix_space" false contradicts "prepend_scheme" always',
    ],
    [
      { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, metaspace] },
      '"prepend_scheme" first after another pre-tokenizer is not supported',
    ],
  ])("%j", (json, message) => {
    expect(() => createPreTokenizer(json)).toThrow(message);
  });
});

test("Metaspace with scheme first adds its mark only at the start of the text", () => {
  const cut = createPreTokenizer(metaspace);
  expect(cut({ text: "a b", atStart: true }).map((piece) => piece.text)).toEqual(["▁a", "▁b"]);
  expect(cut({ text: "a b", atStart: false }).map((piece) => piece.text)).toEqual(["a", "▁b"]);
});
