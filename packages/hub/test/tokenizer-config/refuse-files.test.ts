import type { JsonObject } from "@ripvec/core/arch";
import { describe, expect, test } from "vitest";
import { bertTokenizerJson } from "../tokenizer-fixtures.js";
import { resolveFiles, type Settings } from "./cases.js";

const file = { "tokenizer.json": JSON.stringify(bertTokenizerJson()) };
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 466248\n`;
const withConfig = (tokenizerConfig: JsonObject): Settings => ({ tokenizerConfig });

describe("files that are not a tokenizer", () => {
  test.each<[string, Record<string, string>, Settings, RegExp]>([
    [
      "a Git LFS pointer",
      { "tokenizer.json": pointer },
      {},
      /^tokenizer\.json: is a Git LFS pointer.*git lfs pull/,
    ],
    [
      "a Git LFS pointer for vocab.txt",
      { "vocab.txt": pointer },
      {},
      /^vocab\.txt: is a Git LFS pointer/,
    ],
    ["an empty file", { "tokenizer.json": "" }, {}, /^tokenizer\.json: is empty/],
    ["an empty vocab.txt", { "vocab.txt": "" }, {}, /^vocab\.txt: is empty/],
    ["nothing", {}, {}, /^tokenizer\.json: is missing, and so is its replacement: vocab\.txt/],
    [
      "a vocabulary without merges",
      { "vocab.json": "{}" },
      { config: { model_type: "roberta" } },
      /is missing, and so is its replacement: vocab\.json and merges\.txt/,
    ],
    [
      "the vocabulary of another class",
      { "vocab.txt": "a\n" },
      { config: { model_type: "roberta" } },
      /vocab\.json and merges\.txt/,
    ],
    [
      "a SentencePiece model alone",
      { "sentencepiece.bpe.model": "x" },
      { config: { model_type: "xlm-roberta" } },
      /sentencepiece\.bpe\.model cannot be read by ripvec\. .*AutoTokenizer\.from_pretrained\(dir\)\.save_pretrained\(dir\)/,
    ],
    [
      "a SentencePiece model under another name",
      { "tokenizer.model": "x" },
      withConfig({ tokenizer_class: "PreTrainedTokenizerFast" }),
      /tokenizer\.model cannot be read by ripvec/,
    ],
  ])("%s", async (_, files, settings, message) => {
    const error = await resolveFiles(files, settings).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "MODEL_FILE", message: expect.stringMatching(message) });
  });
});

describe("classes that are not supported", () => {
  test.each<[string, Settings, RegExp]>([
    [
      "Japanese",
      withConfig({ tokenizer_class: "BertJapaneseTokenizer" }),
      /MeCab.*"BertJapaneseTokenizer"/,
    ],
    [
      "Vietnamese",
      { config: { model_type: "roberta", tokenizer_class: "PhobertTokenizer" } },
      /Vietnamese.*"PhobertTokenizer"/,
    ],
    ["tweets", withConfig({ tokenizer_class: "BertweetTokenizer" }), /tweets/],
    [
      "rebuilt by a class",
      withConfig({ tokenizer_class: "AlbertTokenizerFast" }),
      /save_pretrained\(dir\) writes the result to tokenizer\.json; then name PreTrainedTokenizerFast/,
    ],
    [
      "known by the model type",
      { config: { model_type: "albert" } },
      /names no tokenizer_class "albert"/,
    ],
    [
      "overridden by the model type",
      { config: { model_type: "qwen2" }, ...withConfig({ tokenizer_class: "GPT2Tokenizer" }) },
      /"Qwen2Tokenizer"/,
    ],
  ])("%s", async (_, settings, message) => {
    const error = await resolveFiles(file, settings).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "UNSUPPORTED", message: expect.stringMatching(message) });
  });
});

describe("settings", () => {
  test.each<[string, Settings, RegExp]>([
    [
      "the model's own code",
      withConfig({ auto_map: { AutoTokenizer: ["a.B", null] } }),
      /auto_map names the model's own code/,
    ],
    [
      "the same in the old form",
      withConfig({ auto_map: ["a.B", null] }),
      /auto_map names the model's own code/,
    ],
    [
      "do_lower_case",
      withConfig({ do_lower_case: "false" }),
      /do_lower_case must be true or false, got "false"/,
    ],
    [
      "do_lower_case null",
      withConfig({ do_lower_case: null }),
      /do_lower_case must be true or false/,
    ],
    ["truncation_side", withConfig({ truncation_side: "middle" }), /truncation_side must be/],
    [
      "model_max_length",
      withConfig({ model_max_length: 0 }),
      /model_max_length must be a whole number above 0/,
    ],
    ["max_len", withConfig({ max_len: -1 }), /model_max_length must be/],
    [
      "model_input_names",
      withConfig({ model_input_names: "input_ids" }),
      /model_input_names must be a list/,
    ],
    [
      "fix_mistral_regex",
      withConfig({ fix_mistral_regex: true }),
      /fix_mistral_regex is not supported/,
    ],
    ["init_inputs", withConfig({ init_inputs: [{}] }), /init_inputs is not supported/],
    [
      "files by version",
      withConfig({ fast_tokenizer_files: ["tokenizer.json", "tokenizer.4.0.json"] }),
      /fast_tokenizer_files/,
    ],
    [
      "added_tokens_decoder null",
      withConfig({ added_tokens_decoder: null }),
      /added_tokens_decoder must be an object/,
    ],
    [
      "a token without content",
      withConfig({ added_tokens_decoder: { 0: {} } }),
      /must have a content/,
    ],
    [
      "a token's flag",
      withConfig({ added_tokens_decoder: { 0: { content: "a", lstrip: 1 } } }),
      /lstrip of "a" must be true or false/,
    ],
    ["a token that is a number", withConfig({ cls_token: 3 }), /cls_token must be a string/],
    [
      "extra tokens that are not a list",
      withConfig({ extra_special_tokens: 3 }),
      /extra_special_tokens must be a list/,
    ],
    [
      "arguments of sentence-transformers",
      { sentenceConfig: { tokenizer_args: { do_lower_case: false } } },
      /tokenizer_args sets do_lower_case/,
    ],
  ])("%s is refused", async (_, settings, message) => {
    const error = await resolveFiles(file, settings).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "MODEL_FILE", message: expect.stringMatching(message) });
  });

  test.each<[JsonObject, number | undefined]>([
    [{ max_len: 16 }, 16],
    [{ max_len: 16, model_max_length: 12 }, 12],
    [{ max_len: 16, model_max_length: null }, undefined],
    [{ model_max_length: 1e30 }, undefined],
    [{ model_max_length: 1_000_000_007 }, undefined],
    [{ model_max_length: 1_000_000 }, 1_000_000],
    [{}, undefined],
  ])("%o allows %s tokens", async (config, limit) => {
    expect((await resolveFiles(file, withConfig(config))).maxLength).toBe(limit);
  });
});

test("files of old versions are not requested when they do not matter", async () => {
  const broken = { ...file, "special_tokens_map.json": "{", "added_tokens.json": "{" };
  await expect(resolveFiles(broken)).rejects.toThrow(/special_tokens_map\.json|added_tokens\.json/);
  await resolveFiles(broken, withConfig({ added_tokens_decoder: {} }));
});
