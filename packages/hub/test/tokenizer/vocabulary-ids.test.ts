import type { JsonObject } from "@ripvec/core/arch";
import { describe, expect, test } from "vitest";
import { createTokenizer } from "../../src/tokenizer.js";
import { resolveFiles } from "../tokenizer-config/cases.js";
import { addedToken, bertTokenizerJson } from "../tokenizer-fixtures.js";

const wordLevel = (vocab: JsonObject, rest: JsonObject = {}): JsonObject => ({
  added_tokens: [],
  ...rest,
  model: { type: "WordLevel", unk_token: "u", vocab: { u: 0, ...vocab } },
});

const unigram: JsonObject = {
  model: {
    type: "Unigram",
    unk_id: 0,
    vocab: [
      ["u", 0],
      ["a", -1],
      ["b", -2],
    ],
  },
};

const rows = 3;

describe("an id without a row, or of two tokens, is refused by name", () => {
  test.each<[string, JsonObject, string]>([
    [
      "negative",
      wordLevel({ a: -1 }),
      'model.vocab: the id of "a" must be a whole number from 0 to 2147483647, got -1',
    ],
    [
      "fractional",
      wordLevel({ a: 1.5 }),
      'model.vocab: the id of "a" must be a whole number from 0 to 2147483647, got 1.5',
    ],
    [
      "of more than 32 bits",
      wordLevel({ a: 2 ** 32 + 9 }),
      'the id of "a" must be a whole number from 0 to 2147483647, got 4294967305',
    ],
    ["twice", wordLevel({ a: 1, b: 1 }), 'model.vocab gives "a" and "b" the same id 1'],
    [
      "twice, after a gap",
      wordLevel({ a: 9, b: 9 }),
      'model.vocab gives "a" the id 9, but the model\'s embedding table has 3 rows',
    ],
    [
      "beyond the table",
      wordLevel({ a: 1, b: 3 }),
      'model.vocab gives "b" the id 3, but the model\'s embedding table has 3 rows',
    ],
    [
      "beyond the table, of an added token",
      wordLevel({ a: 1, b: 2 }, { added_tokens: [addedToken("new", 3)] }),
      'added_tokens gives "new" the id 3, but the model\'s embedding table has 3 rows',
    ],
    [
      "negative, of an added token",
      wordLevel({}, { added_tokens: [addedToken("x", -1)] }),
      'added_tokens: the id of "x" must be a whole number',
    ],
    [
      "of an added token in a gap",
      wordLevel({ a: 2 }, { added_tokens: [addedToken("x", 2)] }),
      'the file gives "a" and "x" the same id 2',
    ],
    [
      "beyond the table, in the post-processor",
      wordLevel(
        { a: 1 },
        { post_processor: { type: "BertProcessing", sep: ["a", 7], cls: ["a", 1] } },
      ),
      "post_processor gives a special token the id 7, but",
    ],
  ])("%s", (_, json, message) => {
    expect(() => createTokenizer(json, { rows, path: "tokenizer.json" })).toThrow(
      expect.objectContaining({
        code: "MODEL_FILE",
        path: "tokenizer.json",
        message: expect.stringContaining(message),
      }),
    );
  });

  test("beyond the table, in a list", () => {
    expect(() => createTokenizer(unigram, { rows: 2 })).toThrow(
      'model.vocab gives "b" the id 2, but',
    );
    expect(createTokenizer(unigram, { rows }).encode("ab").inputIds).toEqual(Int32Array.of(1, 2));
  });
});

test("a table may have more rows than there are tokens", () => {
  const json = wordLevel({ a: 1 }, { added_tokens: [addedToken("new", 2)] });
  expect(createTokenizer(json, { rows: 4 }).encode("new").inputIds).toEqual(Int32Array.of(2));
});

describe("ids that other files state are refused by file and name", () => {
  const file = { "tokenizer.json": JSON.stringify(bertTokenizerJson()) };
  const token = (content: string) => ({ content, special: true });

  test.each<[string, Record<string, unknown>, Record<string, JsonObject>, RegExp]>([
    [
      "negative",
      { "-1": token("x") },
      {},
      /^tokenizer_config\.json: the id of the added token "x" must be .*, got "-1"$/,
    ],
    [
      "no number",
      { one: token("x") },
      {},
      /^tokenizer_config\.json: the id of the added token "x" must be .*, got "one"$/,
    ],
    [
      "fractional",
      {},
      { "added_tokens.json": { x: 1.5 } },
      /^added_tokens\.json: the id of the added token "x" must be .*, got 1\.5$/,
    ],
  ])("%s in %j", async (_, decoder, files, message) => {
    const hasDecoder = Object.keys(decoder).length > 0;
    const texts = Object.entries(files).map(([name, json]) => [name, JSON.stringify(json)]);
    const resolved = resolveFiles(
      { ...file, ...Object.fromEntries(texts) },
      { tokenizerConfig: hasDecoder ? { added_tokens_decoder: decoder } : {} },
    );
    await expect(resolved).rejects.toMatchObject({
      code: "MODEL_FILE",
      message: expect.stringMatching(message),
    });
  });
});
