import type { JsonObject } from "@ripvec/core";
import { isJsonObject } from "./model-files.js";

/**
 * The parts of tokenizer.json that `@huggingface/tokenizers` reads, rewritten so that its output is
 * that of the reference implementation (the Rust library that wrote the file): no truncation, no
 * padding, no decoder, and the steps below where the two differ.
 */
export function prepareTokenizerJson(json: JsonObject): JsonObject {
  return {
    version: json.version ?? "1.0",
    added_tokens: json.added_tokens ?? [],
    normalizer: isJsonObject(json.normalizer) ? normalizer(json.normalizer) : null,
    pre_tokenizer: isJsonObject(json.pre_tokenizer) ? preTokenizer(json.pre_tokenizer) : null,
    model: json.model,
    post_processor: json.post_processor ?? null,
    decoder: null,
  };
}

const list = (value: unknown): JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

const replace = (pattern: JsonObject, content: string): JsonObject => ({
  type: "Replace",
  pattern,
  content,
});

/** The library looks for ideographs in UTF-16 units and so misses those beyond U+FFFF. */
const spacedIdeographs = replace(
  {
    Regex:
      "[\\x{20000}-\\x{2A6DF}\\x{2A700}-\\x{2B73F}\\x{2B740}-\\x{2B81F}\\x{2B820}-\\x{2CEAF}\\x{2F800}-\\x{2FA1F}]",
  },
  " $& ",
);

/** JavaScript lowercases a final Σ to ς; the reference goes character by character and writes σ. */
const plainSigma = replace({ String: "Σ" }, "σ");

function normalizer(step: JsonObject): JsonObject {
  switch (step.type) {
    case "Sequence":
      return { ...step, normalizers: list(step.normalizers).map(normalizer) };
    case "BertNormalizer":
      return {
        type: "Sequence",
        normalizers: [
          ...(step.handle_chinese_chars ? [spacedIdeographs] : []),
          ...(step.lowercase ? [plainSigma] : []),
          step,
        ],
      };
    case "Lowercase":
      return { type: "Sequence", normalizers: [plainSigma, step] };
    case "Replace":
      // The library hands the content to String.replaceAll, where "$" is special.
      return { ...step, content: String(step.content ?? "").replaceAll("$", "$$$$") };
    default:
      return step;
  }
}

/** Splits a text into the matches of a regular expression (Oniguruma syntax). */
const matches = (regex: string): JsonObject => ({
  type: "Split",
  pattern: { Regex: regex },
  behavior: "Removed",
  invert: true,
});

const punctuation = "\\p{P}!-/:-@\\[-`{-~";

function preTokenizer(step: JsonObject): JsonObject {
  switch (step.type) {
    case "Sequence":
      return { ...step, pretokenizers: list(step.pretokenizers).map(preTokenizer) };
    case "Whitespace":
      // The library's \w knows ASCII only.
      return matches("\\w+|[^\\w\\s]+");
    case "Digits":
      // The reference takes every numeric character, the library the ASCII digits.
      return matches(`[^\\p{N}]+|\\p{N}${step.individual_digits ? "" : "+"}`);
    case "Punctuation":
      if (step.behavior === "Contiguous") return step;
      if ((step.behavior ?? "Isolated") === "Isolated") {
        return matches(`[^${punctuation}]+|[${punctuation}]`);
      }
      return { type: `Punctuation with behavior ${String(step.behavior)}` };
    case "Metaspace":
      return step.split === false ? step : splitMetaspace(step);
    default:
      return step;
  }
}

/** The library leaves a text in one piece, which a Unigram model then searches as a whole. */
function splitMetaspace(step: JsonObject): JsonObject {
  const mark = String(step.replacement ?? "▁").replace(/[\\^\]&[-]/g, "\\$&");
  return {
    type: "Sequence",
    pretokenizers: [step, matches(`[${mark}][^${mark}]*|[^${mark}]+`)],
  };
}

/** Special tokens that close a single text, counted from the post-processor. */
export function countSuffixTokens(postProcessor: unknown): number {
  if (!isJsonObject(postProcessor)) return 0;
  switch (postProcessor.type) {
    case "BertProcessing":
    case "RobertaProcessing":
      return 1;
    case "TemplateProcessing": {
      const template = list(postProcessor.single);
      return template.length - 1 - template.findLastIndex((item) => "Sequence" in item);
    }
    case "Sequence":
      return list(postProcessor.processors).reduce(
        (sum, processor) => sum + countSuffixTokens(processor),
        0,
      );
    default:
      return 0;
  }
}
