import type { SequenceLayout } from "../layout.js";
import { activation, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x [batch, maxSeqLen, cols] padded · out [totalTokens, cols]: the real tokens only. */
export interface UnpadFromBatchArgs {
  x: Tensor;
  layout: SequenceLayout;
  out: Tensor;
}

export const unpad_from_batch: OpSpec<UnpadFromBatchArgs> = {
  name: "unpad_from_batch",
  group: "layout",
  summary: "out[cuSeqlens[b] + s] = x[b, s]",
  tensors: {
    x: activation("batch", "maxSeqLen", "cols"),
    out: output("totalTokens", "cols"),
  },
  scalars: ["cols"],
};
