/** One tokenised text. All arrays have the same length. */
export interface Encoding {
  /** Token ids, special tokens included. */
  readonly inputIds: ArrayLike<number>;
  /** 1 for a real token, 0 for one to drop; absent: all real. */
  readonly attentionMask?: ArrayLike<number> | undefined;
  /** Segment of each token; absent: all 0. */
  readonly tokenTypeIds?: ArrayLike<number> | undefined;
  /** The first so many real tokens belong to a prompt, opening special tokens included; absent: none. */
  readonly promptTokens?: number | undefined;
}

/** As much of the encoding of a text as its truncation needs. */
export interface PartialEncoding {
  /** `truncateEncoding` makes of it what it makes of the encoding of the whole text. */
  readonly encoding: Encoding;
  /** Real tokens of the text, special tokens included; only the least where `isWhole` is false. */
  readonly tokens: number;
  /** Whether the text was read to its end. */
  readonly isWhole: boolean;
}

/** Turns text into encodings, with the model's special tokens and without truncation. */
export interface Tokenizer {
  /** Special tokens that close a text, such as [SEP]; truncation keeps them. */
  readonly suffixTokens: number;
  /** Special tokens that open a text, such as [CLS]; truncation at the left keeps them. Absent: none. */
  readonly prefixTokens?: number | undefined;
  /** The end of a text that is cut off when it is too long. Absent: "right". */
  readonly truncationSide?: "left" | "right" | undefined;
  encode(text: string): Encoding;
  /**
   * Encodes as much of a long text as it takes to cut it to `maxTokens` tokens at `side`. Yields wherever it may pause, at the latest
   * after a few milliseconds. The parts of the text follow each other and cut no surrogate pair. A tokenizer
   * without it is given long texts by `encode`.
   */
  encodeLong?(
    parts: readonly string[],
    options: { readonly maxTokens: number; readonly side: "left" | "right" },
  ): Generator<undefined, PartialEncoding, undefined>;
  encodeBatch(texts: readonly string[]): Encoding[];
}
