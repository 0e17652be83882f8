/** One tokenised text. All arrays have the same length. */
export interface Encoding {
  /** Token ids, special tokens included. */
  readonly inputIds: ArrayLike<number>;
  /** 1 for a real token, 0 for one that is left out. Absent: all tokens are real. */
  readonly attentionMask?: ArrayLike<number> | undefined;
  /** Token type of each token. Absent: all are 0. */
  readonly tokenTypeIds?: ArrayLike<number> | undefined;
  /** Number of leading real tokens that belong to a prompt, opening special tokens included. Absent: 0. */
  readonly promptTokens?: number | undefined;
}

/** The part of the encoding of a text that its truncation needs. */
export interface PartialEncoding {
  /** `truncateEncoding` returns the same for it as for the encoding of the whole text. */
  readonly encoding: Encoding;
  /** Number of real tokens of the text, special tokens included. If `isWhole` is false, it is a lower bound. */
  readonly tokens: number;
  /** Whether the text was read to its end. */
  readonly isWhole: boolean;
}

/** Turns texts into encodings, with the special tokens of the model and without truncation. */
export interface Tokenizer {
  /** Number of special tokens that close a text, such as [SEP]. Truncation keeps them. */
  readonly suffixTokens: number;
  /** Number of special tokens that open a text, such as [CLS]. Truncation at the left keeps them. Default: 0. */
  readonly prefixTokens?: number | undefined;
  /** The end at which a text that is too long is cut off. Default: "right". */
  readonly truncationSide?: "left" | "right" | undefined;
  encode(text: string): Encoding;
  /**
   * Encodes as much of a long text as is needed to cut it to `maxTokens` tokens at `side`. Yields wherever it may pause,
   * at least every few milliseconds. The text is the concatenation of `parts`, none of which ends inside a surrogate
   * pair. Absent: long texts are encoded with `encode`.
   */
  encodeLong?(
    parts: readonly string[],
    options: { readonly maxTokens: number; readonly side: "left" | "right" },
  ): Generator<undefined, PartialEncoding, undefined>;
  encodeBatch(texts: readonly string[]): Encoding[];
}
