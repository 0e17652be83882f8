import { activation, type OpSpec, output, size } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x [rows, cols] · out [rows, cols], may be x. NaN stays NaN. */
export interface ReluArgs {
  x: Tensor;
  out: Tensor;
}

export const relu: OpSpec<ReluArgs> = {
  name: "relu",
  group: "pointwise",
  summary: "out = max(x, 0)",
  tensors: { x: activation("rows", "cols"), out: output("rows", "cols") },
  scalars: [size("x")],
  inPlace: ["x"],
  isOptional: true,
};
