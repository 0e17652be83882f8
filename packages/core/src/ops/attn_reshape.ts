import { activation, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x [batch, heads, seqLen, headDim] · out [batch, seqLen, heads·headDim]: the heads of a token are concatenated. */
export interface AttnReshapeArgs {
  x: Tensor;
  out: Tensor;
}

export const attn_reshape: OpSpec<AttnReshapeArgs> = {
  name: "attn_reshape",
  group: "layout",
  summary: "out[b, s, h·d …] = x[b, h, s]",
  tensors: {
    x: activation("batch", "heads", "seqLen", "headDim"),
    out: output("batch", "seqLen", "heads*headDim"),
  },
  scalars: ["batch", "heads", "seqLen", "headDim"],
};
