import { activation, choice, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";
import { type GeluForm, geluForms } from "./gelu.js";

/** x [rows, 2·cols], value then gate · out [rows, cols]. */
export interface FusedSplitGegluArgs {
  x: Tensor;
  form: GeluForm;
  out: Tensor;
}

export const fused_split_geglu: OpSpec<FusedSplitGegluArgs> = {
  name: "fused_split_geglu",
  group: "pointwise",
  summary: "out = gelu(x[:, :cols]) · x[:, cols:]",
  tensors: { x: activation("rows", "width"), out: output("rows", "cols") },
  scalars: ["rows", "cols", choice("form", geluForms)],
  check({ form }, check) {
    check.oneOf("form", form, geluForms);
    if (check.dim("width") !== 2 * check.dim("cols")) {
      check.fail("x", `[rows, ${2 * check.dim("cols")}]`, check.dim("width"));
    }
  },
  compose(ops, { x, form, out }) {
    const value = ops.alloc(out.dtype, out.shape);
    const gate = ops.alloc(out.dtype, out.shape);
    ops.split_gate_value({ x, value, gate });
    ops.geglu({ value, gate, form, out });
  },
};
