import { activation, type OpSpec, output, size } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x, residual [rows, cols] · out [rows, cols], may be x or residual. */
export interface ResidualAddArgs {
  x: Tensor;
  residual: Tensor;
  out: Tensor;
}

export const residual_add: OpSpec<ResidualAddArgs> = {
  name: "residual_add",
  group: "pointwise",
  summary: "out = x + residual",
  tensors: {
    x: activation("rows", "cols"),
    residual: activation("rows", "cols"),
    out: output("rows", "cols"),
  },
  scalars: [size("x")],
  inPlace: ["x", "residual"],
};
