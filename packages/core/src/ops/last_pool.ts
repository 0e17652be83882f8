import type { SequenceLayout } from "../layout.js";
import { activation, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x [totalTokens, cols] packed · out [batch, cols]; zeros for a sequence without tokens. */
export interface LastPoolArgs {
  x: Tensor;
  layout: SequenceLayout;
  out: Tensor;
}

export const last_pool: OpSpec<LastPoolArgs> = {
  name: "last_pool",
  group: "pooling",
  summary: "out[b] = the last row of sequence b",
  tensors: { x: activation("totalTokens", "cols"), out: output("batch", "cols") },
  scalars: ["cols"],
  compose(ops, { x, layout: { batch, hostCuSeqlens, seqLens }, out }) {
    const cols = out.shape[1] ?? 0;
    for (let b = 0; b < batch; b++) {
      const row = ops.slice(out, b * cols, [cols]);
      const last = (hostCuSeqlens[b + 1] ?? 0) - 1;
      const source =
        seqLens[b] === 0 ? ops.allocZeroed(x.dtype, [cols]) : ops.slice(x, last * cols, [cols]);
      ops.copy({ x: source, out: row });
    }
  },
};
