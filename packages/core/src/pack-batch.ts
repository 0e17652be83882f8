import type { Batch, PackedBatch, PaddedBatch } from "./batch.js";
import type { Encoding } from "./encoding.js";
import { cumulativeLengths } from "./layout.js";

/** Number of tokens of an encoding whose attention mask is not 0. */
export function countTokens({ inputIds, attentionMask }: Encoding): number {
  if (!attentionMask) return inputIds.length;
  let count = 0;
  for (let i = 0; i < inputIds.length; i++) if (attentionMask[i] !== 0) count++;
  return count;
}

/**
 * Makes one batch of encodings, in their order. Tokens with mask 0 are left out, and the positions of the others count
 * from 0. Padding has id, position and type 0. The arrays of an encoding must have equal lengths.
 */
export function packBatch(encodings: readonly Encoding[], kind: "packed"): PackedBatch;
export function packBatch(encodings: readonly Encoding[], kind: "padded"): PaddedBatch;
export function packBatch(encodings: readonly Encoding[], kind: Batch["kind"]): Batch;
export function packBatch(encodings: readonly Encoding[], kind: Batch["kind"]): Batch {
  const seqLens = Int32Array.from(encodings, countTokens);
  const cuSeqlens = cumulativeLengths(seqLens);
  const size = encodings.length;
  const maxSeqLen = seqLens.reduce((max, length) => Math.max(max, length), 0);
  const totalTokens = cuSeqlens[size] ?? 0;
  const promptLens = encodings.some(({ promptTokens }) => promptTokens)
    ? Int32Array.from(encodings, ({ promptTokens = 0 }) => promptTokens)
    : undefined;
  const shared = { size, totalTokens, maxSeqLen, seqLens, cuSeqlens, promptLens };
  switch (kind) {
    case "packed": {
      const tokens = placeTokens(encodings, totalTokens, (b) => cuSeqlens[b] ?? 0);
      return { kind, ...shared, ...tokens };
    }
    case "padded": {
      const tokens = placeTokens(encodings, size * maxSeqLen, (b) => b * maxSeqLen);
      return { kind, ...shared, ...tokens, ...masks(seqLens, maxSeqLen) };
    }
    default:
      return kind satisfies never;
  }
}

type TokenArrays = Pick<Batch, "inputIds" | "positionIds" | "tokenTypeIds">;

function placeTokens(
  encodings: readonly Encoding[],
  length: number,
  firstRow: (sequence: number) => number,
): TokenArrays {
  const inputIds = new Int32Array(length);
  const positionIds = new Int32Array(length);
  const tokenTypeIds = new Int32Array(length);
  encodings.forEach((encoding, b) => {
    const first = firstRow(b);
    let position = 0;
    for (let i = 0; i < encoding.inputIds.length; i++) {
      if (encoding.attentionMask?.[i] === 0) continue;
      inputIds[first + position] = encoding.inputIds[i] ?? 0;
      positionIds[first + position] = position;
      tokenTypeIds[first + position] = encoding.tokenTypeIds?.[i] ?? 0;
      position++;
    }
  });
  return { inputIds, positionIds, tokenTypeIds };
}

function masks(
  seqLens: Int32Array,
  maxSeqLen: number,
): Pick<PaddedBatch, "floatMask" | "poolingMask"> {
  const floatMask = new Float32Array(seqLens.length * maxSeqLen).fill(Number.NEGATIVE_INFINITY);
  const poolingMask = new Float32Array(seqLens.length * maxSeqLen);
  seqLens.forEach((length, b) => {
    const first = b * maxSeqLen;
    floatMask.fill(0, first, first + length);
    poolingMask.fill(1, first, first + length);
  });
  return { floatMask, poolingMask };
}
