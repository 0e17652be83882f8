import type { SequenceLayout } from "../layout.js";
import { activation, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** qkv [totalTokens, 3·heads·headDim] packed · q, k, v [batch, heads, maxSeqLen, headDim], zeros after each sequence. */
export interface FusedPadQkvSplitArgs {
  qkv: Tensor;
  layout: SequenceLayout;
  heads: number;
  headDim: number;
  q: Tensor;
  k: Tensor;
  v: Tensor;
}

export const fused_pad_qkv_split: OpSpec<FusedPadQkvSplitArgs> = {
  name: "fused_pad_qkv_split",
  group: "layout",
  summary: "qkv_split(pad_to_batch(qkv))",
  tensors: {
    qkv: activation("totalTokens", "3*heads*headDim"),
    q: output("batch", "heads", "maxSeqLen", "headDim"),
    k: output("batch", "heads", "maxSeqLen", "headDim"),
    v: output("batch", "heads", "maxSeqLen", "headDim"),
  },
  scalars: ["heads", "headDim"],
  counts: ["heads", "headDim"],
  compose(ops, { qkv, layout, heads, headDim, q, k, v }) {
    const padded = ops.alloc(qkv.dtype, [layout.batch, layout.maxSeqLen, 3 * heads * headDim]);
    ops.pad_to_batch({ x: qkv, layout, out: padded });
    ops.qkv_split({ qkv: padded, heads, headDim, q, k, v });
  },
};
