import { activation, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** qkv [batch, seqLen, 3·heads·headDim], Q then K then V in a row · q, k, v [batch, heads, seqLen, headDim]. */
export interface QkvSplitArgs {
  qkv: Tensor;
  heads: number;
  headDim: number;
  q: Tensor;
  k: Tensor;
  v: Tensor;
}

export const qkv_split: OpSpec<QkvSplitArgs> = {
  name: "qkv_split",
  group: "layout",
  summary: "q[b, h, s] = qkv[b, s, h·d …], k and v after it",
  tensors: {
    qkv: activation("batch", "seqLen", "3*heads*headDim"),
    q: output("batch", "heads", "seqLen", "headDim"),
    k: output("batch", "heads", "seqLen", "headDim"),
    v: output("batch", "heads", "seqLen", "headDim"),
  },
  scalars: ["batch", "seqLen", "heads", "headDim"],
  counts: ["heads", "headDim"],
};
