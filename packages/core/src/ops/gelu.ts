import { activation, choice, type OpSpec, output, size } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/**
 * The two forms of the Gaussian error linear unit (Hendrycks & Gimpel 2016):
 * `erf`  x/2 · (1 + erf(x/√2)); `tanh`  x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))).
 */
export type GeluForm = "erf" | "tanh";
export const geluForms: readonly GeluForm[] = ["erf", "tanh"];

/** x [rows, cols] · out [rows, cols], may be x. */
export interface GeluArgs {
  x: Tensor;
  form: GeluForm;
  out: Tensor;
}

export const gelu: OpSpec<GeluArgs> = {
  name: "gelu",
  group: "pointwise",
  summary: "out = x · Φ(x), or its tanh form",
  tensors: { x: activation("rows", "cols"), out: output("rows", "cols") },
  scalars: [size("x"), choice("form", geluForms)],
  inPlace: ["x"],
  check({ form }, check) {
    check.oneOf("form", form, geluForms);
  },
};
