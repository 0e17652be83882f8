/**
 * What both kinds of batch have. Tokens whose attention mask is 0 are left out; the others are the real tokens, whose
 * positions count from 0 in each sequence.
 */
export interface BatchBase {
  /** Number of sequences. */
  readonly size: number;
  /** Number of real tokens in all sequences together. */
  readonly totalTokens: number;
  /** Length of the longest sequence. */
  readonly maxSeqLen: number;
  /** [size] number of real tokens of each sequence. */
  readonly seqLens: Int32Array;
  /** [size + 1] cumulative sums of seqLens, starting with 0. */
  readonly cuSeqlens: Int32Array;
  /** [size] number of leading tokens of each sequence that belong to its prompt. Absent: there are no prompts. */
  readonly promptLens?: Int32Array | undefined;
}

/** The sequences end to end, without padding: the arrays of ids are [totalTokens]. */
export interface PackedBatch extends BatchBase {
  readonly kind: "packed";
  readonly inputIds: Int32Array;
  readonly positionIds: Int32Array;
  readonly tokenTypeIds: Int32Array;
}

/** Each sequence padded to maxSeqLen: all arrays are [size · maxSeqLen]. */
export interface PaddedBatch extends BatchBase {
  readonly kind: "padded";
  readonly inputIds: Int32Array;
  readonly positionIds: Int32Array;
  readonly tokenTypeIds: Int32Array;
  /** Added to attention scores: 0 at tokens, −Infinity at padding. */
  readonly floatMask: Float32Array;
  /** Factors of a sum over tokens: 1 at tokens, 0 at padding. */
  readonly poolingMask: Float32Array;
}

export type Batch = PackedBatch | PaddedBatch;
