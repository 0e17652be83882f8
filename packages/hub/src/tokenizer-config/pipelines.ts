import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { isJsonObject } from "../model-files.js";
import type { Role, TokenizerClass } from "./tokenizer-class.js";
import type { TokenizerFiles } from "./tokenizer-files.js";
import { readMerges, readVocabText } from "./vocabulary-text.js";

/** The three parts of tokenizer.json that a class makes before tokens are added. */
export interface Pipeline {
  readonly normalizer: unknown;
  readonly pre_tokenizer: unknown;
  readonly model: JsonObject;
}

/** The content of the special token of a role; the class requires that it is set. */
type TokenOf = (role: Role) => string;

/**
 * Makes the pipeline of the class over the model's vocabulary. Throws ModelFileError when the two
 * are incompatible.
 */
export function makePipeline(by: TokenizerClass, files: TokenizerFiles, token: TokenOf): Pipeline {
  switch (by.pipeline) {
    case "file":
      return withSettings(ownPipeline(files), by, files);
    case "bert":
    case "mpnet":
      return {
        normalizer: { type: "BertNormalizer", clean_text: true, ...bertSettings(files) },
        pre_tokenizer: { type: "BertPreTokenizer" },
        model: {
          type: "WordPiece",
          unk_token: token("unk_token"),
          continuing_subword_prefix: "##",
          max_input_chars_per_word: 100,
          vocab: wordPieceVocab(files),
        },
      };
    case "roberta":
    case "gpt2":
      return {
        normalizer: null,
        pre_tokenizer: byteLevel(prefixSpace(files, false)),
        model: byteLevelModel(files),
      };
    case "xlm-roberta":
    case "camembert":
      return unigramPipeline(by, files, token);
    default:
      throw new Error(`no pipeline ${by.pipeline satisfies never}`);
  }
}

/** The fields of a file that the settings of a class override in both transformers 4 and 5. */
function withSettings(pipeline: Pipeline, by: TokenizerClass, files: TokenizerFiles): Pipeline {
  const { normalizer, pre_tokenizer } = pipeline;
  switch (by.settingsOf) {
    case "bert":
    case "mpnet":
      if (!isStep(normalizer, "BertNormalizer")) return pipeline;
      return { ...pipeline, normalizer: { ...normalizer, ...bertSettings(files) } };
    case "roberta":
    case "gpt2":
      if (!isStep(pre_tokenizer, "ByteLevel")) return pipeline;
      return {
        ...pipeline,
        pre_tokenizer: { ...pre_tokenizer, add_prefix_space: prefixSpace(files, false) },
      };
    default:
      return pipeline;
  }
}

const isStep = (step: unknown, type: string): step is JsonObject =>
  isJsonObject(step) && step.type === type;

const bertSettings = (files: TokenizerFiles): JsonObject => ({
  handle_chinese_chars: option(files, "tokenize_chinese_chars", true),
  strip_accents: option(files, "strip_accents", null),
  lowercase: option(files, "do_lower_case", true),
});

const byteLevel = (addPrefixSpace: boolean): JsonObject => ({
  type: "ByteLevel",
  add_prefix_space: addPrefixSpace,
  trim_offsets: true,
  use_regex: true,
});

export const prefixSpace = (files: TokenizerFiles, fallback: boolean): boolean =>
  option(files, "add_prefix_space", fallback);

/**
 * A truth value in tokenizer_config.json; null where `fallback` is null. Throws ModelFileError for
 * other types.
 */
export function option<T extends boolean | null>(
  files: TokenizerFiles,
  key: string,
  fallback: T,
): T | boolean {
  const value = files.tokenizerConfig[key];
  if (value === undefined || value === fallback) return fallback;
  if (typeof value === "boolean") return value;
  throw new ModelFileError(`${key} must be true or false, got ${JSON.stringify(value)}`, {
    path: files.locate("tokenizer_config.json"),
  });
}

function ownPipeline({ vocabulary, locate }: TokenizerFiles): Pipeline {
  const path = locate("tokenizer.json");
  if (vocabulary.kind !== "tokenizer.json") throw new ModelFileError("is missing", { path });
  const { normalizer = null, pre_tokenizer = null, model } = vocabulary.json;
  if (!isJsonObject(model)) throw new ModelFileError("has no model", { path });
  return { normalizer, pre_tokenizer, model };
}

/**
 * The model of tokenizer.json, which must have a type that the class accepts: Unigram models list
 * their tokens, the others map them to ids. Files of old versions leave the type out.
 */
function ownModel(files: TokenizerFiles, type: "WordPiece" | "BPE" | "Unigram"): JsonObject {
  const { model } = ownPipeline(files);
  const isOfType = type === "Unigram" ? Array.isArray(model.vocab) : isJsonObject(model.vocab);
  if ((model.type === undefined || model.type === type) && isOfType) return model;
  throw new ModelFileError(
    `has a model of type ${JSON.stringify(model.type)}, the tokenizer's class needs ${type}: name PreTrainedTokenizerFast as tokenizer_class in tokenizer_config.json to use the file unchanged`,
    { path: files.locate("tokenizer.json") },
  );
}

function wordPieceVocab(files: TokenizerFiles): unknown {
  const { vocabulary } = files;
  return vocabulary.kind === "vocab.txt"
    ? readVocabText(vocabulary.text)
    : ownModel(files, "WordPiece").vocab;
}

function byteLevelModel(files: TokenizerFiles): JsonObject {
  const { vocabulary } = files;
  const { vocab, merges } =
    vocabulary.kind === "vocab.json"
      ? {
          vocab: vocabulary.vocab,
          merges: readMerges(vocabulary.merges, files.locate("merges.txt")),
        }
      : ownModel(files, "BPE");
  return {
    type: "BPE",
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: "",
    end_of_word_suffix: "",
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab,
    merges: merges ?? [],
  };
}

function unigramPipeline(by: TokenizerClass, files: TokenizerFiles, token: TokenOf): Pipeline {
  const { vocab } = ownModel(files, "Unigram");
  return {
    normalizer: charsmap(ownPipeline(files).normalizer),
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "WhitespaceSplit" },
        {
          type: "Metaspace",
          replacement: "▁",
          prepend_scheme: prefixSpace(files, true) ? "always" : "never",
          split: true,
        },
      ],
    },
    model: {
      type: "Unigram",
      unk_id: by.pipeline === "camembert" ? placeOf(vocab, token("unk_token")) : xlmRobertaUnkId,
      vocab,
      byte_fallback: false,
    },
  };
}

/** XLMRobertaTokenizer does not look for this step. */
const xlmRobertaUnkId = 3;

function placeOf(vocab: unknown, token: string): number {
  const entries: readonly unknown[] = Array.isArray(vocab) ? vocab : [];
  const place = entries.findIndex((entry) => Array.isArray(entry) && entry[0] === token);
  return Math.max(0, place);
}

/** These classes keep only the first SentencePiece table of the file's normalizer. */
function charsmap(normalizer: unknown): unknown {
  if (!isJsonObject(normalizer)) return null;
  const steps: unknown = normalizer.type === "Sequence" ? normalizer.normalizers : [normalizer];
  if (!Array.isArray(steps)) return null;
  return steps.find((step) => isJsonObject(step) && step.type === "Precompiled") ?? null;
}
