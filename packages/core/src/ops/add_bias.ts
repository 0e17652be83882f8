import { activation, f32, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x [rows, cols] · bias [cols] f32 · out [rows, cols], may be x. */
export interface AddBiasArgs {
  x: Tensor;
  bias: Tensor<"f32">;
  out: Tensor;
}

export const add_bias: OpSpec<AddBiasArgs> = {
  name: "add_bias",
  group: "pointwise",
  summary: "out = x + bias",
  tensors: {
    x: activation("rows", "cols"),
    bias: f32("cols"),
    out: output("rows", "cols"),
  },
  scalars: ["rows", "cols"],
  inPlace: ["x"],
};
