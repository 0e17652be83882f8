import type { JsonObject } from "@ripvec/core/arch";

/** The files of a model that decide how a text is split, read and parsed; what the model lacks is absent. */
export interface TokenizerFiles {
  /** config.json */
  readonly config: JsonObject;
  /** tokenizer_config.json; {} when there is none. */
  readonly tokenizerConfig: JsonObject;
  /** sentence_bert_config.json; {} when there is none. */
  readonly sentenceConfig: JsonObject;
  /** tokenizer.json, or the vocabulary that stands for it. */
  readonly vocabulary: Vocabulary;
  /** special_tokens_map.json */
  readonly specialTokensMap?: JsonObject | undefined;
  /** added_tokens.json */
  readonly addedTokens?: JsonObject | undefined;
  /** Where a file lies, for messages. */
  locate(name: string): string;
}

/** What a tokenizer is made from: one whole file, or the vocabulary of a class that knows the rest. */
export type Vocabulary =
  | { readonly kind: "tokenizer.json"; readonly json: JsonObject }
  | { readonly kind: "vocab.txt"; readonly text: string }
  | { readonly kind: "vocab.json"; readonly vocab: JsonObject; readonly merges: string };
