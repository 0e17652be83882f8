/**
 * The steps of a tokenizer, as tokenizer.json names them. Text goes through them in this order: added tokens are cut
 * out, what is left is normalised, cut into pieces, and each piece is turned into ids; the post-processor adds the
 * special tokens around them. Each step gives what the Rust library `tokenizers` gives.
 */

import type { Steps } from "./stream/stage.js";

/** Rewrites a text: `normalizer` of tokenizer.json. */
export type Normalizer = (text: string) => string;

/** A part of the text that a pre-tokenizer may cut further. */
export interface Piece {
  readonly text: string;
  /** Whether it begins where the whole text begins; `prepend_scheme: "first"` asks. */
  readonly atStart: boolean;
}

/** Cuts a piece into smaller ones, which it may rewrite: `pre_tokenizer` of tokenizer.json. */
export type PreTokenizer = (piece: Piece) => readonly Piece[];

/** Turns the text of one piece into token ids: `model` of tokenizer.json. Appends to `ids`. */
export interface TokenModel {
  tokenize(text: string, ids: number[]): void;
  /** Pieces of up to so many UTF-16 units are not read in parts. */
  shortPiece(): number;
  /** Reads a long piece in parts. Appends to `ids` what is certain. */
  openPiece(ids: number[]): PieceReader;
  /** Number of tokens in the vocabulary. */
  readonly size: number;
  /** Ids of all tokens; absent where they are the places in a list. */
  readonly vocabulary?: ReadonlyMap<string, number>;
  /** Id of a token of the vocabulary. */
  idOf(token: string): number | undefined;
}

/** Turns one piece, of which the end is not known yet, into ids. */
export interface PieceReader {
  /** `text` cuts no surrogate pair. */
  add(text: string): Steps;
  end(): Steps;
}

/** Puts special tokens around the ids of a text: `post_processor` of tokenizer.json. */
export interface PostProcessor {
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
}
