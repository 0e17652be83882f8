import { describe, expect, test } from "vitest";
import { createNormalizer } from "../../src/tokenizer/normalizers/create-normalizer.js";
import { createPreTokenizer } from "../../src/tokenizer/pre-tokenizers/create-pre-tokenizer.js";
import { compileCharsmap } from "../charsmap-builder.js";

const replace = (from: string, content: string) => ({
  type: "Replace",
  pattern: { String: from },
  content,
});
const times = (count: number, step: object) => Array.from({ length: count }, () => step);
const sequence = (...normalizers: object[]) => ({ type: "Sequence", normalizers });

describe("a normalizer that makes a text far longer is stopped, and the error names the step", () => {
  test.each([
    ["Replace", sequence(...times(40, replace("a", "aa")))],
    ["Replace", sequence(...times(8, sequence(...times(5, replace("a", "aa")))))],
    ["Replace", replace("a", "b".repeat(1_000_000))],
    ["Replace", { type: "Replace", pattern: { Regex: "a|b" }, content: "b".repeat(70_000) }],
    ["Prepend", sequence(...times(1000, { type: "Prepend", prepend: "c".repeat(10_000) }))],
    ["ByteLevel", sequence(...times(20, { type: "ByteLevel" }))],
    ["Precompiled", charsmapStep()],
  ])("%s", (name, json) => {
    const text = "aé".repeat(5000);
    expect(() => createNormalizer(json)(text)).toThrow(
      expect.objectContaining({
        code: "MODEL_FILE",
        message: `normalizer ${name}: it makes a text longer than 705536 characters, which is 64 times its length plus 65536`,
      }),
    );
  });

  function charsmapStep(): object {
    const base64 = compileCharsmap({ a: "b".repeat(100_000) });
    return { type: "Precompiled", precompiled_charsmap: base64 };
  }
});

const byteLevel = {
  type: "ByteLevel",
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: true,
};
const cuts = (...pretokenizers: object[]) => ({ type: "Sequence", pretokenizers });

test.each([
  ["in one sequence", cuts(...times(40, byteLevel))],
  ["in sequences of a sequence", cuts(...times(8, cuts(...times(5, byteLevel))))],
])("so is a pre-tokenizer: %s", (_, json) => {
  const piece = { text: "é".repeat(5000), atStart: true };
  expect(() => createPreTokenizer(json)(piece)).toThrow(
    expect.objectContaining({
      code: "MODEL_FILE",
      message: expect.stringMatching(
        /^pre-tokenizer ByteLevel: it makes a text longer than 385536 /,
      ),
    }),
  );
});

test("the largest growth in Unicode stays below the limit", () => {
  const normalize = createNormalizer(
    sequence({ type: "NFKD" }, { type: "Lowercase" }, { type: "ByteLevel" }),
  );
  const text = "\ufdfa".repeat(100_000);
  expect(normalize(text)).toHaveLength(33 * text.length);
});

test("a text of any length may be replaced by one of up to 64 times that", () => {
  const normalize = createNormalizer(replace("a", "b".repeat(64)));
  expect(normalize("a".repeat(100_000))).toBe("b".repeat(6_400_000));
});
