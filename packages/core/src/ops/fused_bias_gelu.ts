import { activation, choice, f32, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";
import { type GeluForm, geluForms } from "./gelu.js";

/** x [rows, cols] · bias [cols] f32 · out [rows, cols], may be x. */
export interface FusedBiasGeluArgs {
  x: Tensor;
  bias: Tensor<"f32">;
  form: GeluForm;
  out: Tensor;
}

export const fused_bias_gelu: OpSpec<FusedBiasGeluArgs> = {
  name: "fused_bias_gelu",
  group: "pointwise",
  summary: "out = gelu(x + bias)",
  tensors: {
    x: activation("rows", "cols"),
    bias: f32("cols"),
    out: output("rows", "cols"),
  },
  scalars: ["rows", "cols", choice("form", geluForms)],
  inPlace: ["x"],
  check({ form }, check) {
    check.oneOf("form", form, geluForms);
  },
  compose(ops, { x, bias, form, out }) {
    ops.add_bias({ x, bias, out });
    ops.gelu({ x: out, form, out });
  },
};
