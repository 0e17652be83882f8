import { activation, f32, type OpSpec, optional, output, real, window } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/**
 * x [batch, heads, queries, keys] · mask [batch, keys] f32, added; −Infinity hides a key ·
 * window: key j is visible to query i iff |i − j| ≤ window / 2 · out as x, may be x.
 * A hidden key gets exactly 0; a row without a visible key gets zeros.
 */
export interface ScaleMaskSoftmaxArgs {
  x: Tensor;
  mask?: Tensor<"f32"> | undefined;
  scale: number;
  window?: number | undefined;
  out: Tensor;
}

export const scale_mask_softmax: OpSpec<ScaleMaskSoftmaxArgs> = {
  name: "scale_mask_softmax",
  group: "attention",
  summary: "out = softmax(scale · x + mask) over keys inside the window, max-subtracted, f32",
  tensors: {
    x: activation("batch", "heads", "queries", "keys"),
    mask: optional(f32("batch", "keys")),
    out: output("batch", "heads", "queries", "keys"),
  },
  scalars: ["batch", "heads", "queries", "keys", real("scale"), window("window")],
  inPlace: ["x"],
  check({ scale, window }, check) {
    check.finite("scale", scale);
    check.window(window);
  },
};
