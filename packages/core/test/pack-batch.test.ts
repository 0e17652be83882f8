import { countTokens } from "@ripvec/core";
import { packBatch } from "@ripvec/core/arch";
import { expect, test } from "vitest";

const encodings = [
  { inputIds: [5, 6, 7], tokenTypeIds: [0, 0, 1] },
  { inputIds: [8, 99, 9, 99], attentionMask: [1, 0, 1, 0], tokenTypeIds: [1, 5, 0, 5] },
  { inputIds: Int32Array.of(3) },
];

test("packed: real tokens end to end, positions from 0 in each sequence", () => {
  expect(packBatch(encodings, "packed")).toEqual({
    kind: "packed",
    size: 3,
    totalTokens: 6,
    maxSeqLen: 3,
    seqLens: Int32Array.of(3, 2, 1),
    cuSeqlens: Int32Array.of(0, 3, 5, 6),
    inputIds: Int32Array.of(5, 6, 7, 8, 9, 3),
    positionIds: Int32Array.of(0, 1, 2, 0, 1, 0),
    tokenTypeIds: Int32Array.of(0, 0, 1, 1, 0, 0),
  });
});

test("promptLens has the tokens of the prompts, if there is one", () => {
  expect(packBatch(encodings, "packed").promptLens).toBeUndefined();
  const prompted = encodings.map((encoding, i) => ({ ...encoding, promptTokens: i === 1 ? 2 : 0 }));
  expect(packBatch(prompted, "packed").promptLens).toEqual(Int32Array.of(0, 2, 0));
  expect(packBatch(prompted, "padded").promptLens).toEqual(Int32Array.of(0, 2, 0));
});

test("padded: every sequence has the length of the longest, and masks mark real tokens", () => {
  const hidden = Number.NEGATIVE_INFINITY;
  expect(packBatch(encodings, "padded")).toEqual({
    kind: "padded",
    size: 3,
    totalTokens: 6,
    maxSeqLen: 3,
    seqLens: Int32Array.of(3, 2, 1),
    cuSeqlens: Int32Array.of(0, 3, 5, 6),
    inputIds: Int32Array.of(5, 6, 7, 8, 9, 0, 3, 0, 0),
    positionIds: Int32Array.of(0, 1, 2, 0, 1, 0, 0, 0, 0),
    tokenTypeIds: Int32Array.of(0, 0, 1, 1, 0, 0, 0, 0, 0),
    floatMask: Float32Array.of(0, 0, 0, 0, 0, hidden, 0, hidden, hidden),
    poolingMask: Float32Array.of(1, 1, 1, 1, 1, 0, 1, 0, 0),
  });
});

test("a masked token in the middle leaves no gap in the positions", () => {
  const masked = { inputIds: [4, 98, 5], attentionMask: [1, 0, 1] };
  const plain = { inputIds: [4, 5] };
  expect(packBatch([masked], "packed")).toEqual(packBatch([plain], "packed"));
  expect(packBatch([masked], "padded")).toEqual(packBatch([plain], "padded"));
  expect(countTokens(masked)).toBe(2);
});

test.each(["packed", "padded"] as const)(
  "%s: sequences without tokens, and no sequences",
  (kind) => {
    const nothing = { inputIds: [7], attentionMask: [0] };
    expect(packBatch([nothing, { inputIds: [7] }], kind)).toMatchObject({
      totalTokens: 1,
      seqLens: Int32Array.of(0, 1),
      cuSeqlens: Int32Array.of(0, 0, 1),
    });
    expect(packBatch([], kind)).toMatchObject({
      size: 0,
      totalTokens: 0,
      maxSeqLen: 0,
      cuSeqlens: Int32Array.of(0),
      inputIds: new Int32Array(0),
    });
  },
);
