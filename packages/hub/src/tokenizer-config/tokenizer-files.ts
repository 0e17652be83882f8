import type { JsonObject } from "@ripvec/core/arch";

/** The files of a model that define its tokenizer, parsed; absent files are undefined. */
export interface TokenizerFiles {
  /** config.json */
  readonly config: JsonObject;
  /** tokenizer_config.json; {} when there is none. */
  readonly tokenizerConfig: JsonObject;
  /** sentence_bert_config.json; {} when there is none. */
  readonly sentenceConfig: JsonObject;
  /** tokenizer.json, or the vocabulary that replaces it. */
  readonly vocabulary: Vocabulary;
  /** special_tokens_map.json */
  readonly specialTokensMap?: JsonObject | undefined;
  /** added_tokens.json */
  readonly addedTokens?: JsonObject | undefined;
  /** The location of a file, for messages. */
  locate(name: string): string;
}

/** The source of a tokenizer: a whole file, or the vocabulary for a class that makes the rest. */
export type Vocabulary =
  | { readonly kind: "tokenizer.json"; readonly json: JsonObject }
  | { readonly kind: "vocab.txt"; readonly text: string }
  | { readonly kind: "vocab.json"; readonly vocab: JsonObject; readonly merges: string };
