import type { Encoding } from "@ripvec/core";

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface EncodingOptions {
  readonly seed: number;
  readonly vocabSize: number;
  /** Lowest id drawn, which excludes padding and other special tokens. */
  readonly firstId: number;
  /** 2 makes the second half of a text segment 1. */
  readonly tokenTypes?: 1 | 2;
}

/** One text of random tokens per length. */
export function randomEncodings(lengths: readonly number[], options: EncodingOptions): Encoding[] {
  const random = seededRandom(options.seed);
  const { firstId, vocabSize } = options;
  return lengths.map((length) => ({
    inputIds: Int32Array.from(
      { length },
      () => firstId + Math.floor(random() * (vocabSize - firstId)),
    ),
    tokenTypeIds: Int32Array.from({ length }, (_, at) =>
      options.tokenTypes === 2 && 2 * at >= length ? 1 : 0,
    ),
  }));
}
