import type { JsonObject } from "@ripvec/core/arch";
import { expect, test } from "vitest";
import { checkDigits } from "../../src/tokenizer/models/score.js";
import { parseTokenizerJson } from "../../src/tokenizer/parse-tokenizer-json.js";
import { createTokenizer } from "../../src/tokenizer.js";
import { addedToken } from "../tokenizer-fixtures.js";

const wordPiece: JsonObject = {
  type: "WordPiece",
  unk_token: "?",
  continuing_subword_prefix: "##",
  max_input_chars_per_word: 100,
  vocab: { "?": 0, a: 1, "##a": 2 },
};
const bpe: JsonObject = { type: "BPE", vocab: { a: 0, b: 1, ab: 2 }, merges: ["a b"] };
const unigram: JsonObject = {
  type: "Unigram",
  unk_id: 0,
  vocab: [
    ["?", 0],
    ["a", -1.5],
  ],
};
const token = addedToken("A", 9, { special: false });
const lowered = (...contents: string[]): JsonObject => ({
  normalizer: { type: "Lowercase" },
  added_tokens: contents.map((content) => ({ ...token, content, normalized: true })),
});
const template = (...single: JsonObject[]): JsonObject => ({
  post_processor: {
    type: "TemplateProcessing",
    single,
    pair: [],
    special_tokens: {
      x: { id: "x", ids: [1], tokens: ["x"] },
      bad: { id: "bad", ids: [-1], tokens: [] },
    },
  },
});
const text = { Sequence: { id: "A", type_id: 0 } };
const special = (id: string, type = 0): JsonObject => ({ SpecialToken: { id, type_id: type } });

/** Nested sequences: 241 steps in all. */
function nested(list: string, step: JsonObject): JsonObject {
  const inner = { type: "Sequence", [list]: new Array(23).fill(step) };
  return { type: "Sequence", [list]: new Array(10).fill(inner) };
}

test.each<[string, JsonObject]>([
  [
    "can match an empty text",
    { normalizer: { type: "Replace", pattern: { Regex: "^" }, content: "_" } },
  ],
  ["must not be empty", { normalizer: { type: "Prepend", prepend: "" } }],
  ["more than 200 steps", { normalizer: nested("normalizers", { type: "Lowercase" }) }],
  ["more than 200 steps", { pre_tokenizer: nested("pretokenizers", { type: "Whitespace" }) }],
  ["the limit is 100000", { added_tokens: new Array(100_001).fill(token) }],
  [
    "Prepend",
    {
      normalizer: {
        type: "Sequence",
        normalizers: [{ type: "Prepend", prepend: "x" }, { type: "StripAccents" }],
      },
      pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "first", split: true },
    },
  ],
  ["version", { version: "2.0" }],
  ["model must be an object", { model: undefined }],
  ["type", { model: { ...wordPiece, type: "Morphemes" } }],
  ["unknown token", { model: { ...wordPiece, unk_token: "[UNK]" } }],
  [
    "a token of 300 characters, the limit is 256",
    {
      model: {
        ...wordPiece,
        max_input_chars_per_word: 1000,
        vocab: { "?": 0, ["a".repeat(300)]: 1 },
      },
    },
  ],
  ["model.unk_token", { model: { ...wordPiece, unk_token: null } }],
  ["model.vocab", { model: { ...wordPiece, vocab: [] } }],
  ["model.continuing_subword_prefix", { model: { ...wordPiece, continuing_subword_prefix: null } }],
  ["model.max_input_chars_per_word", { model: { ...wordPiece, max_input_chars_per_word: "9" } }],
  ['model.vocab: the id of "a"', { model: { ...wordPiece, vocab: { "?": 0, a: 2 ** 32 + 9 } } }],
  ['model.vocab: the id of "a"', { model: { ...wordPiece, vocab: { "?": 0, a: 1.5 } } }],
  ['model.vocab: the id of "a"', { model: { ...wordPiece, vocab: { "?": 0, a: -1 } } }],
  ["lone surrogate", { model: { ...wordPiece, vocab: { "?": 0, "\ud83d": 1 } } }],
  ["unknown token", { model: { type: "WordLevel", unk_token: "no", vocab: { a: 1 } } }],
  ["dropout", { model: { ...bpe, dropout: 0.1 } }],
  ["unknown token", { model: { ...bpe, unk_token: "no" } }],
  ["is not in model.vocab", { model: { ...bpe, merges: ["a c"] } }],
  ["is not in model.vocab", { model: { ...bpe, merges: ["b a"] } }],
  ["not a pair", { model: { ...bpe, merges: ["a b c"] } }],
  ["not a pair", { model: { ...bpe, merges: [["a"]] } }],
  ["prefix", { model: { ...bpe, continuing_subword_prefix: "##" } }],
  ["model.merges", { model: { type: "BPE", vocab: {} } }],
  ["model.fuse_unk", { model: { ...bpe, fuse_unk: "yes" } }],
  ["model.unk_id", { model: { ...unigram, unk_id: null } }],
  ["model.unk_id", { model: { ...unigram, unk_id: 2 } }],
  ["not a token and its score", { model: { ...unigram, vocab: [["?", 0], ["a"]] } }],
  ["added_tokens", { added_tokens: 5 }],
  ["lstrip", { added_tokens: [{ ...token, id: 5, lstrip: undefined }] }],
  ["id", { added_tokens: [{ ...token, id: 2 ** 32 }] }],
  ["the same", lowered("Foo", "foo")],
  ["normalises to an empty text", { ...lowered("\u0301"), normalizer: { type: "StripAccents" } }],
  ["not supported", { post_processor: { type: "Nope" } }],
  ["cls", { post_processor: { type: "BertProcessing", sep: ["x", 1] } }],
  ["once", template(special("x"))],
  ["once", template(text, text)],
  ["once", template({ Sequence: { id: "B", type_id: 0 } })],
  ["missing", template(text, special("toString"))],
  ["id", template(text, special("bad"))],
  ["token type", template(text, special("x", 2))],
  [
    "after a template",
    {
      post_processor: {
        type: "Sequence",
        processors: [template(text).post_processor, template(text).post_processor],
      },
    },
  ],
])("refuses by name: %s", (message, change) => {
  const json = { version: "1.0", model: wordPiece, ...change };
  const create = () => createTokenizer(json, { path: "dir/tokenizer.json" });
  expect(create).toThrow(
    expect.objectContaining({ code: "MODEL_FILE", path: "dir/tokenizer.json" }),
  );
  expect(create).toThrow(message);
});

test("normalizers that move the text's start are refused when the reference needs it", () => {
  const pre_tokenizer = {
    type: "Metaspace",
    replacement: "▁",
    prepend_scheme: "first",
    split: true,
  };
  const normalizer = { type: "Replace", pattern: { Regex: "a+" }, content: "b" };
  expect(() => createTokenizer({ model: wordPiece, pre_tokenizer, normalizer })).toThrow("first");
});

test("scores with digits that parsing would lose are refused", () => {
  checkDigits('[["a",-3.3000000000000003],["b",-1.5],["c", -9.800000190734863],["d",0.0]]');
  checkDigits('[["a",-1.1234567890123455e-05],["b",-0.000011234567890123455],["c",1e3]]');
  expect(() => checkDigits('[["a",-1234567.1234567891]]')).toThrow("digits");
  checkDigits('["3.3000000000000000000000001, 5"]');
  expect(() => checkDigits('[["a",-3.30000000000000026645]]')).toThrow("digits");
  const model = {
    ...unigram,
    vocab: [
      ["?", 0],
      ["a", "X"],
    ],
  };
  const json = JSON.stringify({ model }).replace('"X"', "-3.30000000000000026645");
  expect(() => parseTokenizerJson(json)).toThrow("digits");
});
