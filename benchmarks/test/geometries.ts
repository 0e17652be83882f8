import type { ModelSpec } from "@ripvec/driver-testkit";

/** The shape of a known model with fewer words, and with fewer layers if `layers` is given. */
export interface Geometry {
  readonly name: string;
  readonly spec: ModelSpec & { readonly pooling: "cls" | "mean" | "last" };
}

const vocabSize = 1000;

export const geometries: readonly Geometry[] = [
  {
    name: "BGE-small: 12 × 384, CLS",
    spec: {
      family: "bert",
      seed: 1,
      layers: 12,
      hidden: 384,
      heads: 12,
      intermediate: 1536,
      vocabSize,
      maxPositions: 512,
      pooling: "cls",
    },
  },
  {
    name: "MiniLM-L6: 6 × 384, mean",
    spec: {
      family: "bert",
      seed: 2,
      layers: 6,
      hidden: 384,
      heads: 12,
      intermediate: 1536,
      vocabSize,
      maxPositions: 512,
      pooling: "mean",
      prefix: true,
    },
  },
  {
    name: "RoBERTa-base: 4 of 12 × 768, CLS",
    spec: {
      family: "roberta",
      seed: 3,
      layers: 4,
      hidden: 768,
      heads: 12,
      intermediate: 3072,
      vocabSize,
      maxPositions: 512,
      pooling: "cls",
      eps: 1e-5,
    },
  },
  {
    name: "DistilBERT: 3 of 6 × 768, mean",
    spec: {
      family: "distilbert",
      seed: 4,
      layers: 3,
      hidden: 768,
      heads: 12,
      intermediate: 3072,
      vocabSize,
      maxPositions: 512,
      pooling: "mean",
    },
  },
];

/** Lengths around the tile sizes of kernels (8, 64), and both extremes. */
export const mixedLengths: readonly number[] = [1, 2, 7, 8, 9, 31, 63, 64, 65, 127, 200, 511, 512];
