/**
 * The steps of a tokenizer, as tokenizer.json names them. A text passes through them in this order:
 * added tokens are cut out, the rest is normalised and split into pieces, and each piece is turned
 * into ids; the post-processor adds the special tokens. Each step gives the results of the Rust
 * library `tokenizers`.
 */

import type { Steps } from "./stream/stage.js";

/** Rewrites a text: `normalizer` of tokenizer.json. */
export type Normalizer = (text: string) => string;

/** A part of the text that a pre-tokenizer may split further. */
export interface Piece {
  readonly text: string;
  /** Whether it begins at the start of the whole text, for `prepend_scheme: "first"`. */
  readonly atStart: boolean;
}

/** Splits a piece into smaller ones, which it may rewrite: `pre_tokenizer` of tokenizer.json. */
export type PreTokenizer = (piece: Piece) => readonly Piece[];

/**
 * Turns the text of one piece into token ids, which it appends to `ids`: `model` of tokenizer.json.
 */
export interface TokenModel {
  tokenize(text: string, ids: number[]): void;
  /** Pieces of at most this many UTF-16 units are not read in parts. */
  shortPiece(): number;
  /** Reads a long piece in parts. Appends to `ids` the ids that are final. */
  openPiece(ids: number[]): PieceReader;
  /** Number of tokens in the vocabulary. */
  readonly size: number;
  /** Ids of all tokens; absent where they are the indices of a list. */
  readonly vocabulary?: ReadonlyMap<string, number>;
  /** Id of a token of the vocabulary. */
  idOf(token: string): number | undefined;
}

/** Turns one piece, whose end is not known yet, into ids. */
export interface PieceReader {
  /** `text` does not split surrogate pairs. */
  add(text: string): Steps;
  end(): Steps;
}

/** Puts special tokens around the ids of a text: `post_processor` of tokenizer.json. */
export interface PostProcessor {
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
}
