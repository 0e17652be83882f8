import type { SequenceLayout } from "../layout.js";
import { activation, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x [totalTokens, cols] packed · out [batch, cols]; zeros for a sequence without tokens. */
export interface MeanPoolArgs {
  x: Tensor;
  layout: SequenceLayout;
  out: Tensor;
}

export const mean_pool: OpSpec<MeanPoolArgs> = {
  name: "mean_pool",
  group: "pooling",
  summary: "out[b] = the mean of the rows of sequence b",
  tensors: { x: activation("totalTokens", "cols"), out: output("batch", "cols") },
  scalars: ["cols"],
};
