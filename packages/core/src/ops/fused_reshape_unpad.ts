import type { SequenceLayout } from "../layout.js";
import { activation, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x [batch, heads, maxSeqLen, headDim] padded · out [totalTokens, heads·headDim]. */
export interface FusedReshapeUnpadArgs {
  x: Tensor;
  layout: SequenceLayout;
  out: Tensor;
}

export const fused_reshape_unpad: OpSpec<FusedReshapeUnpadArgs> = {
  name: "fused_reshape_unpad",
  group: "layout",
  summary: "unpad_from_batch(attn_reshape(x))",
  tensors: {
    x: activation("batch", "heads", "maxSeqLen", "headDim"),
    out: output("totalTokens", "heads*headDim"),
  },
  scalars: ["heads", "headDim"],
  compose(ops, { x, layout, out }) {
    const width = out.shape[1] ?? 0;
    const rows = ops.alloc(x.dtype, [layout.batch, layout.maxSeqLen, width]);
    ops.attn_reshape({ x, out: rows });
    ops.unpad_from_batch({ x: rows, layout, out });
  },
};
