import type { Encoding } from "../encoding.js";

/** One text in the pipeline. */
export interface Row {
  readonly index: number;
  readonly text: string;
  readonly encoding: Encoding;
  /** Number of tokens that are embedded. */
  readonly tokens: number;
  readonly truncated: boolean;
  /** Its vector, once its batch has run. */
  embedding?: Float32Array | undefined;
}

export interface BatchLimits {
  readonly maxTokens: number;
  readonly maxRows: number;
}

/**
 * Cuts rows into batches of similar lengths, the longest first. A batch stays within the limits; a row with more than
 * `maxTokens` tokens is a batch of its own.
 */
export function cutBatches(rows: readonly Row[], { maxTokens, maxRows }: BatchLimits): Row[][] {
  const batches: Row[][] = [];
  let batch: Row[] = [];
  let tokens = 0;
  for (const row of rows.toSorted((a, b) => b.tokens - a.tokens || a.index - b.index)) {
    if (batch.length > 0 && (tokens + row.tokens > maxTokens || batch.length >= maxRows)) {
      batches.push(batch);
      batch = [];
      tokens = 0;
    }
    batch.push(row);
    tokens += row.tokens;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
