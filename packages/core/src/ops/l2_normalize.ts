import { activation, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x [rows, cols] · out [rows, cols], may be x. A row of zeros stays zero. */
export interface L2NormalizeArgs {
  x: Tensor;
  out: Tensor;
}

export const l2_normalize: OpSpec<L2NormalizeArgs> = {
  name: "l2_normalize",
  group: "pooling",
  summary: "out = x / max(‖x‖₂, 1e-12) over a row",
  tensors: { x: activation("rows", "cols"), out: output("rows", "cols") },
  scalars: ["rows", "cols"],
  inPlace: ["x"],
};
