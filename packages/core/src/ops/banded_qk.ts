import { padHead } from "../compose/pad-head.js";
import { activation, type OpSpec, output, window } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/**
 * q, k [batch, heads, seqLen, headDim] · window even · out [batch, heads, seqLen, window + 1].
 * Column t of row i belongs to key j = i − window / 2 + t; if j is outside the sequence it is 0.
 */
export interface BandedQkArgs {
  q: Tensor;
  k: Tensor;
  window: number;
  out: Tensor;
}

export const banded_qk: OpSpec<BandedQkArgs> = {
  name: "banded_qk",
  group: "attention",
  summary: "out[i, t] = q[i] · k[i − window/2 + t]",
  tensors: {
    q: activation("batch", "heads", "seqLen", "headDim"),
    k: activation("batch", "heads", "seqLen", "headDim"),
    out: output("batch", "heads", "seqLen", "band"),
  },
  scalars: ["batch", "heads", "seqLen", "headDim", window("window")],
  check({ window }, check) {
    check.window(window);
    if (check.dim("band") !== window + 1) {
      check.fail("out", `[…, ${window + 1}]`, check.dim("band"));
    }
  },
  compose(ops, { q, k, window, out }) {
    const [batch = 0, heads = 0, seqLen = 0, headDim = 0] = q.shape;
    const band = window + 1;
    for (let head = 0; head < batch * heads; head++) {
      ops.scope(() => {
        ops.gemm_batched({
          a: ops.slice(q, head * seqLen * headDim, [seqLen, headDim]),
          b: padHead(ops, k, head, window),
          batch: seqLen,
          m: 1,
          n: band,
          k: headDim,
          transposeB: true,
          strideA: headDim,
          strideB: headDim,
          strideOut: band,
          out: ops.slice(out, head * seqLen * band, [seqLen, band]),
        });
      });
    }
  },
};
