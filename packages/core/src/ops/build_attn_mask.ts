import type { SequenceLayout } from "../layout.js";
import { f32Output, type OpSpec } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** out [batch, maxSeqLen] f32: 0 at a sequence's tokens, −Infinity after them. */
export interface BuildAttnMaskArgs {
  layout: SequenceLayout;
  out: Tensor<"f32">;
}

export const build_attn_mask: OpSpec<BuildAttnMaskArgs> = {
  name: "build_attn_mask",
  group: "attention",
  summary: "out[b, s] = 0 if s < seqLens[b], else −Infinity",
  tensors: { out: f32Output("batch", "maxSeqLen") },
  scalars: [],
  compose(ops, { layout: { batch, maxSeqLen, seqLens }, out }) {
    const mask = new Float32Array(batch * maxSeqLen).fill(Number.NEGATIVE_INFINITY);
    seqLens.forEach((length, b) => {
      mask.fill(0, b * maxSeqLen, b * maxSeqLen + length);
    });
    ops.copy({ x: ops.input(mask, [batch, maxSeqLen]), out });
  },
};
