import type { PackedBatch } from "@ripvec/core/arch";

/**
 * [totalTokens] rows of the position table. Without `padTokenId` the place of a token in its text, from 0. With it,
 * as in RoBERTa: tokens with that id, wherever they stand, have row 0 and are not counted; the others count from 1.
 */
export function positionsOf(
  { positionIds, inputIds, seqLens, cuSeqlens }: PackedBatch,
  padTokenId: number | undefined,
): Int32Array {
  if (padTokenId === undefined) return positionIds;
  const rows = new Int32Array(inputIds.length);
  seqLens.forEach((length, b) => {
    const start = cuSeqlens[b] ?? 0;
    let row = 0;
    for (let i = start; i < start + length; i++) {
      if (inputIds[i] !== padTokenId) rows[i] = ++row;
    }
  });
  return rows;
}
