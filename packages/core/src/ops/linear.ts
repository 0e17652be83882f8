import { activation, choice, f32, matrix, type OpSpec, optional, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";
import { type GeluForm, geluForms } from "./gelu.js";

/**
 * x [rows, inputs] · weight [outputs, inputs], in any dtype of `capabilities.weightDtypes` ·
 * bias [outputs] f32 · out [rows, outputs].
 */
export interface LinearArgs {
  x: Tensor;
  weight: Tensor;
  bias?: Tensor<"f32"> | undefined;
  /** Applied to x · weightᵀ + bias. */
  activation?: GeluForm | undefined;
  out: Tensor;
}

export const linear: OpSpec<LinearArgs> = {
  name: "linear",
  group: "linear",
  summary: "out = act(x · weightᵀ + bias)",
  tensors: {
    x: activation("rows", "inputs"),
    weight: matrix("outputs", "inputs"),
    bias: optional(f32("outputs")),
    out: output("rows", "outputs"),
  },
  scalars: ["rows", "inputs", "outputs", choice("activation", geluForms)],
  check(args, check) {
    if (args.activation !== undefined) check.oneOf("activation", args.activation, geluForms);
  },
  compose(ops, { x, weight, bias, activation: form, out }) {
    ops.gemm({ a: x, b: weight, transposeB: true, out });
    if (bias && form) ops.fused_bias_gelu({ x: out, bias, form, out });
    else if (bias) ops.add_bias({ x: out, bias, out });
    else if (form) ops.gelu({ x: out, form, out });
  },
};
