import type { SequenceLayout } from "../layout.js";
import { activation, type OpSpec, output, real, window } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/**
 * x [batch, heads, maxSeqLen, window + 1] from `banded_qk` · out as x, may be x. Columns whose key is
 * outside the sequence get exactly 0, a row with no visible key gets zeros.
 */
export interface BandedSoftmaxArgs {
  x: Tensor;
  layout: SequenceLayout;
  window: number;
  scale: number;
  out: Tensor;
}

export const banded_softmax: OpSpec<BandedSoftmaxArgs> = {
  name: "banded_softmax",
  group: "attention",
  summary: "out = softmax(scale · x) over the keys of the band that exist",
  tensors: {
    x: activation("batch", "heads", "maxSeqLen", "band"),
    out: output("batch", "heads", "maxSeqLen", "band"),
  },
  scalars: ["heads", window("window"), real("scale")],
  inPlace: ["x"],
  check({ window, scale }, check) {
    check.window(window);
    check.finite("scale", scale);
    if (check.dim("band") !== window + 1) {
      check.fail("x", `[…, ${window + 1}]`, check.dim("band"));
    }
  },
  compose(ops, { x, layout, window, scale, out }) {
    const { batch, maxSeqLen, seqLens } = layout;
    const heads = x.shape[1] ?? 0;
    const band = window + 1;
    const rows = [maxSeqLen, 1, 1, band];
    for (let b = 0; b < batch; b++) {
      const mask = ops.input(bandMask(seqLens[b] ?? 0, maxSeqLen, window), [maxSeqLen, band]);
      for (let h = 0; h < heads; h++) {
        const start = (b * heads + h) * maxSeqLen * band;
        ops.scale_mask_softmax({
          x: ops.slice(x, start, rows),
          mask,
          scale,
          out: ops.slice(out, start, rows),
        });
      }
    }
  },
};

function bandMask(length: number, maxSeqLen: number, window: number): Float32Array {
  const band = window + 1;
  const mask = new Float32Array(maxSeqLen * band).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < maxSeqLen; i++) {
    const first = i - window / 2;
    const from = Math.max(0, -first);
    const to = Math.min(band, length - first);
    if (from < to) mask.fill(0, i * band + from, i * band + to);
  }
  return mask;
}
