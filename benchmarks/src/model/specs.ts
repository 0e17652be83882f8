import type { ModelSpec } from "@ripvec/driver-testkit";
import { vocabSize } from "../inputs.js";

/**
 * BGE-small-en-v1.5's geometry with random weights, because speed does not depend on their values.
 */
export const bgeSmall: ModelSpec = {
  family: "bert",
  seed: 1,
  layers: 12,
  hidden: 384,
  heads: 12,
  intermediate: 1536,
  vocabSize,
  maxPositions: 512,
  pooling: "cls",
};

/** BERT-tiny's geometry, for numbers of texts that would take hours with a larger model. */
export const bertTiny: ModelSpec = {
  ...bgeSmall,
  layers: 2,
  hidden: 128,
  heads: 2,
  intermediate: 512,
};
