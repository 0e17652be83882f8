import { activation, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x [rows, 2·cols] · value [rows, cols], the first half · gate [rows, cols], the second. */
export interface SplitGateValueArgs {
  x: Tensor;
  value: Tensor;
  gate: Tensor;
}

export const split_gate_value: OpSpec<SplitGateValueArgs> = {
  name: "split_gate_value",
  group: "layout",
  summary: "value = x[:, :cols], gate = x[:, cols:]",
  tensors: {
    x: activation("rows", "width"),
    value: output("rows", "cols"),
    gate: output("rows", "cols"),
  },
  scalars: ["rows", "cols"],
  check(_, check) {
    if (check.dim("width") !== 2 * check.dim("cols")) {
      check.fail("x", `[rows, ${2 * check.dim("cols")}]`, check.dim("width"));
    }
  },
};
