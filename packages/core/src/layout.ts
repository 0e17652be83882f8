import type { Tensor } from "./tensor.js";

/**
 * Where the sequences of a batch are in a packed tensor [totalTokens, …]: sequence b has the rows cuSeqlens[b] …
 * cuSeqlens[b + 1] − 1. Only `ops.layout` makes one, so that the lengths are known on the host, and a driver may plan
 * its work by them.
 */
export interface SequenceLayout {
  /** Number of sequences. */
  readonly batch: number;
  /** Sum of all lengths. */
  readonly totalTokens: number;
  /** Length of the longest sequence; 0 when there are no tokens. */
  readonly maxSeqLen: number;
  /** [batch] length of each sequence; 0 is allowed. */
  readonly seqLens: Int32Array;
  /** [batch + 1] cumulative lengths as i32, on the device. */
  readonly cuSeqlens: Tensor<"i32">;
  /** [batch + 1] the same values on the host. */
  readonly hostCuSeqlens: Int32Array;
}

/** [n + 1] cumulative sums of n lengths: the first is 0, the last is the total. */
export function cumulativeLengths(seqLens: ArrayLike<number>): Int32Array {
  const sums = new Int32Array(seqLens.length + 1);
  for (let i = 0; i < seqLens.length; i++) sums[i + 1] = (sums[i] ?? 0) + (seqLens[i] ?? 0);
  return sums;
}
