import { activation, type OpSpec, output, size } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x [rows, cols] · out [rows, cols], may be x. */
export interface TanhArgs {
  x: Tensor;
  out: Tensor;
}

export const tanh: OpSpec<TanhArgs> = {
  name: "tanh",
  group: "pointwise",
  summary: "out = tanh(x)",
  tensors: { x: activation("rows", "cols"), out: output("rows", "cols") },
  scalars: [size("x")],
  inPlace: ["x"],
};
