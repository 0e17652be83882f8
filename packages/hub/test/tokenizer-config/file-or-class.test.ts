import { readFileSync } from "node:fs";
import type { JsonObject } from "@ripvec/core/arch";
import { describe, expect, test } from "vitest";
import { readTokenizer } from "../../src/read-tokenizer.js";
import { memoryFiles, resolveFiles } from "./cases.js";

interface Ties {
  readonly tokenizer: JsonObject;
  readonly texts: readonly string[];
  /** Ids that the Rust library 0.23.3 gives for the file. */
  readonly rust: readonly number[][];
  /** Ids of XLMRobertaTokenizer of transformers 5.24, without special tokens. */
  readonly transformers: readonly number[][];
}

const ties: Ties = JSON.parse(
  readFileSync(new URL("../fixtures/unigram-ties.json", import.meta.url), "utf8"),
);

const words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "-"];

const bertWith = (parts: JsonObject) => ({
  "tokenizer.json": JSON.stringify({
    version: "1.0",
    added_tokens: [],
    normalizer: {
      type: "BertNormalizer",
      clean_text: false,
      handle_chinese_chars: true,
      strip_accents: true,
      lowercase: false,
    },
    pre_tokenizer: { type: "Split", pattern: { String: "-" }, behavior: "Removed", invert: false },
    post_processor: null,
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 7,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
    },
    ...parts,
  }),
});

async function tokensOf(tokenizerConfig: JsonObject): Promise<(string | undefined)[]> {
  const settings = { config: { model_type: "bert" }, tokenizerConfig, sentenceConfig: {} };
  const { tokenizer } = await readTokenizer(memoryFiles(bertWith({})), "", settings);
  return Array.from(tokenizer.encode("a-B").inputIds, (id) => words[id]);
}

/**
 * The expected tokens: for the first case those of transformers 4.57 and the Rust library, for the
 * others those of transformers 5.24.
 */
describe("a tokenizer.json that the model type's class would not write", () => {
  test("is used when no file names a class, except for the settings of that class", async () => {
    expect(await tokensOf({})).toEqual(["a", "b"]);
    expect(await tokensOf({ do_lower_case: false })).toEqual(["a", "[UNK]"]);
  });

  test("is used unchanged when PreTrainedTokenizerFast is named", async () => {
    expect(await tokensOf({ tokenizer_class: "PreTrainedTokenizerFast" })).toEqual(["a", "[UNK]"]);
  });

  test("supplies only its vocabulary to a named class", async () => {
    const tokens = await tokensOf({ tokenizer_class: "BertTokenizer" });
    expect(tokens).toEqual(["[CLS]", "a", "-", "b", "[SEP]"]);
  });
});

test("the settings that override a file are those of the class, absent ones by their defaults", async () => {
  const bert = await resolveFiles(bertWith({}));
  expect(bert.json.normalizer).toEqual({
    type: "BertNormalizer",
    clean_text: false,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  });
  const byteLevel = { type: "ByteLevel", add_prefix_space: true, trim_offsets: true };
  const roberta = await resolveFiles(bertWith({ pre_tokenizer: byteLevel }), {
    config: { model_type: "roberta" },
  });
  expect(roberta.json.pre_tokenizer).toEqual({ ...byteLevel, add_prefix_space: false });
  const other = { type: "Sequence", normalizers: [{ type: "Strip" }] };
  expect((await resolveFiles(bertWith({ normalizer: other }))).json.normalizer).toEqual(other);
});

describe("segmentations that differ only in the last digit of the scores", () => {
  test.each([
    ["as transformers decides, whose class has Python read the file", "XLMRobertaTokenizer"],
    ["as the Rust library decides, where the file is used unchanged", "PreTrainedTokenizerFast"],
  ])("%s", async (_, name) => {
    const files = memoryFiles({ "tokenizer.json": JSON.stringify(ties.tokenizer) });
    const config = { model_type: "xlm-roberta" };
    const settings = { config, tokenizerConfig: { tokenizer_class: name }, sentenceConfig: {} };
    const { tokenizer } = await readTokenizer(files, "", settings);
    const { prefixTokens = 0, suffixTokens } = tokenizer;
    const ids = ties.texts.map((text) => {
      const all = Array.from(tokenizer.encode(text).inputIds);
      return all.slice(prefixTokens, all.length - suffixTokens);
    });
    expect(ids).toEqual(name === "XLMRobertaTokenizer" ? ties.transformers : ties.rust);
  });
});

test("a class assumed by model type has its own extra tokens: CamembertTokenizer reserves three", async () => {
  const { json } = await resolveFiles(
    { "tokenizer.json": JSON.stringify(ties.tokenizer) },
    { config: { model_type: "camembert" } },
  );
  const tokens = json.added_tokens as { content: string }[];
  const contents = tokens.map(({ content }) => content);
  expect(contents).toEqual(expect.arrayContaining(["<s>NOTUSED", "</s>NOTUSED", "<unk>NOTUSED"]));
});

test("do_lower_case of sentence_bert_config.json must be true or false", async () => {
  const sentenceConfig = { do_lower_case: 1 };
  await expect(resolveFiles(bertWith({}), { sentenceConfig })).rejects.toMatchObject({
    code: "MODEL_FILE",
    message: expect.stringContaining("do_lower_case must be true or false, got 1"),
  });
});
