import { ArgumentError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import type { ModelSpec } from "./spec.js";

const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
const letters = [..."abcdefghijklmnopqrstuvwxyz"];
const digits = [..."0123456789"];
const punctuation = [..."!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"];

/** Special tokens, characters alone and inside a word, the given words, then unused places. */
export function wordPieceVocabulary({ vocabSize, words = [] }: ModelSpec): string[] {
  const inside = [...letters, ...digits].map((character) => `##${character}`);
  const base = [...specials, ...letters, ...inside, ...digits, ...punctuation];
  const tokens = [...new Set([...base, ...words])];
  if (vocabSize < specials.length || (words.length > 0 && tokens.length > vocabSize)) {
    const needed = words.length > 0 ? tokens.length : specials.length;
    const reason = `must be at least ${needed}, the number of required tokens, got ${vocabSize}`;
    throw new ArgumentError({ op: "makeModel", argument: "vocabSize", reason });
  }
  const unused = Math.max(0, vocabSize - tokens.length);
  const fill = Array.from({ length: unused }, (_, i) => `[unused${i}]`);
  return [...tokens, ...fill].slice(0, vocabSize);
}

/** tokenizer.json of an uncased BERT. */
export function wordPieceJson(vocabulary: readonly string[]): JsonObject {
  const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } });
  const single = [special("[CLS]"), sequence("A", 0), special("[SEP]")];
  const second = [sequence("B", 1), { SpecialToken: { id: "[SEP]", type_id: 1 } }];
  const known = (token: string) => ({
    id: token,
    ids: [vocabulary.indexOf(token)],
    tokens: [token],
  });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specials.map((content, id) => addedToken(content, id)),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single,
      pair: [...single, ...second],
      special_tokens: { "[CLS]": known("[CLS]"), "[SEP]": known("[SEP]") },
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    },
  };
}

export const wordPieceSpecials: Readonly<Record<string, string>> = {
  pad_token: "[PAD]",
  unk_token: "[UNK]",
  cls_token: "[CLS]",
  sep_token: "[SEP]",
  mask_token: "[MASK]",
};

export function addedToken(content: string, id: number): JsonObject {
  return {
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  };
}
