import type { SequenceLayout } from "../layout.js";
import { activation, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x [totalTokens, cols] packed · out [batch, maxSeqLen, cols], zeros after each sequence. */
export interface PadToBatchArgs {
  x: Tensor;
  layout: SequenceLayout;
  out: Tensor;
}

export const pad_to_batch: OpSpec<PadToBatchArgs> = {
  name: "pad_to_batch",
  group: "layout",
  summary: "out[b, s] = x[cuSeqlens[b] + s], zeros after each sequence",
  tensors: {
    x: activation("totalTokens", "cols"),
    out: output("batch", "maxSeqLen", "cols"),
  },
  scalars: ["cols"],
};
