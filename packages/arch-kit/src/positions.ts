import type { PackedBatch } from "@ripvec/core/arch";

/**
 * The row of the position table for each token: [totalTokens]. Without `padTokenId` it is the token's place in its text,
 * from 0. With `padTokenId` it is as in RoBERTa: tokens with that id have row 0 wherever they are and are not counted, and
 * the others count from 1.
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
