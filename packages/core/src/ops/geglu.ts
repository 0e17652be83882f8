import { multiply } from "../compose/multiply.js";
import { activation, choice, type OpSpec, output, size } from "../op-spec.js";
import type { Tensor } from "../tensor.js";
import { type GeluForm, geluForms } from "./gelu.js";

/** value, gate [rows, cols] · out [rows, cols]. */
export interface GegluArgs {
  value: Tensor;
  gate: Tensor;
  form: GeluForm;
  out: Tensor;
}

export const geglu: OpSpec<GegluArgs> = {
  name: "geglu",
  group: "pointwise",
  summary: "out = gelu(value) · gate",
  tensors: {
    value: activation("rows", "cols"),
    gate: activation("rows", "cols"),
    out: output("rows", "cols"),
  },
  scalars: [size("value"), choice("form", geluForms)],
  check({ form }, check) {
    check.oneOf("form", form, geluForms);
  },
  compose(ops, { value, gate, form, out }) {
    const activated = ops.alloc(value.dtype, value.shape);
    ops.gelu({ x: value, form, out: activated });
    multiply(ops, { a: activated, b: gate, strideB: 1, out });
  },
};
