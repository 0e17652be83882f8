import { ArgumentError, ShapeError } from "./errors.js";
import { kindOf } from "./kind-of.js";
import type { Tensor } from "./tensor.js";

/**
 * Where the sequences of a batch are in a packed tensor [totalTokens, …]: sequence b has the rows cuSeqlens[b] …
 * cuSeqlens[b + 1] − 1. Only `ops.layout` makes one, so that the lengths are known on the host, and a driver may plan
 * its work by them. `S` is the driver's own type for memory.
 */
export interface SequenceLayout<S = unknown> {
  /** Number of sequences. */
  readonly batch: number;
  /** Sum of all lengths. */
  readonly totalTokens: number;
  /** Length of the longest sequence; 0 when there are no tokens. */
  readonly maxSeqLen: number;
  /** [batch] length of each sequence; 0 is allowed. */
  readonly seqLens: Int32Array;
  /** [batch + 1] cumulative lengths as i32, on the device. */
  readonly cuSeqlens: Tensor<"i32", S>;
  /** [batch + 1] the same values on the host. */
  readonly hostCuSeqlens: Int32Array;
}

const largestI32 = 2 ** 31 - 1;

/**
 * The part of a layout that is on the host. Throws ShapeError unless lengths and their sum are whole numbers of 31 bits,
 * and ArgumentError for what is not a list.
 */
export function hostLayoutOf(lengths: ArrayLike<number>): Omit<SequenceLayout, "cuSeqlens"> {
  const fail = (argument: string, expected: string, actual: unknown): never => {
    throw new ShapeError({ op: "layout", argument, expected, actual });
  };
  if (!isList(lengths)) {
    const reason = `must be an array of lengths, got ${kindOf(lengths)}`;
    throw new ArgumentError({ op: "layout", argument: "seqLens", reason });
  }
  const wrong = Array.from(lengths).findIndex((n) => !isLength(n));
  if (wrong !== -1) {
    fail(`seqLens[${wrong}]`, `a whole number in 0 … ${largestI32}`, lengths[wrong]);
  }
  const seqLens = Int32Array.from(lengths);
  const totalTokens = seqLens.reduce((sum, n) => sum + n, 0);
  if (totalTokens > largestI32) {
    fail("seqLens", `lengths with a sum of at most ${largestI32}`, totalTokens);
  }
  return {
    batch: seqLens.length,
    totalTokens,
    maxSeqLen: seqLens.reduce((max, n) => Math.max(max, n), 0),
    seqLens,
    hostCuSeqlens: cumulativeLengths(seqLens),
  };
}

function isList(lengths: ArrayLike<number> | null | undefined): boolean {
  return typeof lengths === "object" && Number.isSafeInteger(lengths?.length);
}

function isLength(n: number): boolean {
  return Number.isInteger(n) && n >= 0 && n <= largestI32;
}

/** [n + 1] cumulative sums of n lengths: the first is 0, the last is the total. */
export function cumulativeLengths(seqLens: ArrayLike<number>): Int32Array {
  const sums = new Int32Array(seqLens.length + 1);
  for (let i = 0; i < seqLens.length; i++) sums[i + 1] = (sums[i] ?? 0) + (seqLens[i] ?? 0);
  return sums;
}
