import { activation, f32, type OpSpec, optional, output, real } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x [rows, cols] · weight [cols] f32 · bias [cols] f32 · eps > 0 · out [rows, cols], may be x. */
export interface LayerNormArgs {
  x: Tensor;
  weight: Tensor<"f32">;
  bias?: Tensor<"f32"> | undefined;
  eps: number;
  out: Tensor;
}

export const layer_norm: OpSpec<LayerNormArgs> = {
  name: "layer_norm",
  group: "norm",
  summary: "out = (x − mean) / √(var + eps) · weight + bias, over a row, two passes, f32",
  tensors: {
    x: activation("rows", "cols"),
    weight: f32("cols"),
    bias: optional(f32("cols")),
    out: output("rows", "cols"),
  },
  scalars: ["rows", "cols", real("eps")],
  inPlace: ["x"],
  check({ eps }, check) {
    check.positive("eps", eps);
  },
};
