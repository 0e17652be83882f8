import type { SequenceLayout } from "../layout.js";
import { activation, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x [totalTokens, cols] packed · out [batch, cols]; zeros for a sequence without tokens. */
export interface ClsPoolArgs {
  x: Tensor;
  layout: SequenceLayout;
  out: Tensor;
}

export const cls_pool: OpSpec<ClsPoolArgs> = {
  name: "cls_pool",
  group: "pooling",
  summary: "out[b] = the first row of sequence b",
  tensors: { x: activation("totalTokens", "cols"), out: output("batch", "cols") },
  scalars: ["cols"],
};
