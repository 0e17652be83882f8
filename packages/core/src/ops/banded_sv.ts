import { padHead } from "../compose/pad-head.js";
import { activation, type OpSpec, output, window } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/**
 * p [batch, heads, seqLen, window + 1] from `banded_softmax` · v [batch, heads, seqLen, headDim] ·
 * out [batch, heads, seqLen, headDim].
 */
export interface BandedSvArgs {
  p: Tensor;
  v: Tensor;
  window: number;
  out: Tensor;
}

export const banded_sv: OpSpec<BandedSvArgs> = {
  name: "banded_sv",
  group: "attention",
  summary: "out[i] = Σ_t p[i, t] · v[i − window/2 + t]",
  tensors: {
    p: activation("batch", "heads", "seqLen", "band"),
    v: activation("batch", "heads", "seqLen", "headDim"),
    out: output("batch", "heads", "seqLen", "headDim"),
  },
  scalars: ["batch", "heads", "seqLen", "headDim", window("window")],
  check({ window }, check) {
    check.window(window);
    if (check.dim("band") !== window + 1) {
      check.fail("p", `[…, ${window + 1}]`, check.dim("band"));
    }
  },
  compose(ops, { p, v, window, out }) {
    const [batch = 0, heads = 0, seqLen = 0, headDim = 0] = v.shape;
    const band = window + 1;
    for (let head = 0; head < batch * heads; head++) {
      ops.scope(() => {
        ops.gemm_batched({
          a: ops.slice(p, head * seqLen * band, [seqLen, band]),
          b: padHead(ops, v, head, window),
          batch: seqLen,
          m: 1,
          n: headDim,
          k: band,
          transposeB: false,
          strideA: band,
          strideB: headDim,
          strideOut: headDim,
          out: ops.slice(out, head * seqLen * headDim, [seqLen, headDim]),
        });
      });
    }
  },
};
