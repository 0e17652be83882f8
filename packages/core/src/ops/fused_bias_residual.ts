import { activation, f32, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x, residual [rows, cols] · bias [cols] f32 · out [rows, cols], may be x. */
export interface FusedBiasResidualArgs {
  x: Tensor;
  bias: Tensor<"f32">;
  residual: Tensor;
  out: Tensor;
}

export const fused_bias_residual: OpSpec<FusedBiasResidualArgs> = {
  name: "fused_bias_residual",
  group: "pointwise",
  summary: "out = x + bias + residual",
  tensors: {
    x: activation("rows", "cols"),
    bias: f32("cols"),
    residual: activation("rows", "cols"),
    out: output("rows", "cols"),
  },
  scalars: ["rows", "cols"],
  inPlace: ["x"],
  compose(ops, { x, bias, residual, out }) {
    ops.add_bias({ x, bias, out });
    ops.residual_add({ x: out, residual, out });
  },
};
