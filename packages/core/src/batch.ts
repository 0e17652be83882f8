/** What both layouts know. Tokens whose attention mask is 0 are dropped; positions count real tokens from 0. */
interface BatchBase {
  /** Number of sequences. */
  readonly size: number;
  /** Real tokens of all sequences. */
  readonly totalTokens: number;
  readonly maxSeqLen: number;
  /** [size] */
  readonly seqLens: Int32Array;
  /** [size + 1] running sums of seqLens. */
  readonly cuSeqlens: Int32Array;
  /** [size] tokens of each sequence, from its first on, that belong to a prompt; absent: none do. */
  readonly promptLens?: Int32Array | undefined;
}

/** Tokens of all sequences end to end: the id arrays are [totalTokens]. */
export interface PackedBatch extends BatchBase {
  readonly kind: "packed";
  readonly inputIds: Int32Array;
  readonly positionIds: Int32Array;
  readonly tokenTypeIds: Int32Array;
}

/** Every sequence filled up to maxSeqLen: all arrays are [size · maxSeqLen]. */
export interface PaddedBatch extends BatchBase {
  readonly kind: "padded";
  readonly inputIds: Int32Array;
  readonly positionIds: Int32Array;
  readonly tokenTypeIds: Int32Array;
  /** Added to attention scores: 0 at tokens, −Infinity at padding. */
  readonly floatMask: Float32Array;
  /** Weights of a pooling sum: 1 at tokens, 0 at padding. */
  readonly poolingMask: Float32Array;
}

export type Batch = PackedBatch | PaddedBatch;
