import type { SequenceLayout } from "../layout.js";
import { activation, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/**
 * x [totalTokens, cols] packed · out [batch, cols]; zeros for a sequence without tokens. If a column of a
 * sequence has NaN, its maximum is NaN.
 */
export interface MaxPoolArgs {
  x: Tensor;
  layout: SequenceLayout;
  out: Tensor;
}

export const max_pool: OpSpec<MaxPoolArgs> = {
  name: "max_pool",
  group: "pooling",
  summary: "out[b] = the largest value of each column over the rows of sequence b",
  tensors: { x: activation("totalTokens", "cols"), out: output("batch", "cols") },
  scalars: ["cols"],
  isOptional: true,
};
