import { activation, f32, type OpSpec, optional, output, real } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/**
 * x, residual [rows, cols] · weight, bias [cols] f32 · eps > 0 · sum [rows, cols], if given,
 * receives x + residual · out [rows, cols]. Each of out and sum may be x or residual, but not the same one.
 */
export interface FusedResidualLayerNormArgs {
  x: Tensor;
  residual: Tensor;
  weight: Tensor<"f32">;
  bias?: Tensor<"f32"> | undefined;
  eps: number;
  sum?: Tensor | undefined;
  out: Tensor;
}

export const fused_residual_layer_norm: OpSpec<FusedResidualLayerNormArgs> = {
  name: "fused_residual_layer_norm",
  group: "norm",
  summary: "out = layer_norm(x + residual)",
  tensors: {
    x: activation("rows", "cols"),
    residual: activation("rows", "cols"),
    weight: f32("cols"),
    bias: optional(f32("cols")),
    sum: optional(output("rows", "cols")),
    out: output("rows", "cols"),
  },
  scalars: ["rows", "cols", real("eps")],
  inPlace: ["x", "residual"],
  check({ eps }, check) {
    check.positive("eps", eps);
  },
  compose(ops, { x, residual, weight, bias, eps, sum, out }) {
    const total = sum ?? out;
    ops.residual_add({ x, residual, out: total });
    ops.layer_norm({ x: total, weight, bias, eps, out });
  },
};
