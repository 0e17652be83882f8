import { multiply } from "../compose/multiply.js";
import { activation, type OpSpec, output, size } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** value, gate [rows, cols] · out [rows, cols]. */
export interface SwigluArgs {
  value: Tensor;
  gate: Tensor;
  out: Tensor;
}

export const swiglu: OpSpec<SwigluArgs> = {
  name: "swiglu",
  group: "pointwise",
  summary: "out = value · sigmoid(value) · gate",
  tensors: {
    value: activation("rows", "cols"),
    gate: activation("rows", "cols"),
    out: output("rows", "cols"),
  },
  scalars: [size("value")],
  /** sigmoid(x) = ½ + ½ tanh(x/2) */
  compose(ops, { value, gate, out }) {
    const { dtype, shape, size } = value;
    const half = ops.input(new Float32Array([0.5]), [1]);
    const scale = dtype === "f32" ? half : ops.alloc(dtype, [1]);
    if (scale !== half) ops.convert({ x: half, out: scale });
    const sigmoid = ops.alloc(dtype, shape);
    const product = ops.alloc(dtype, shape);
    const column = ops.reshape(sigmoid, [size, 1]);
    multiply(ops, { a: value, b: scale, strideB: 0, out: product });
    ops.tanh({ x: product, out: product });
    multiply(ops, { a: product, b: scale, strideB: 0, out: sigmoid });
    ops.add_bias({ x: column, bias: half, out: column });
    multiply(ops, { a: value, b: sigmoid, strideB: 1, out: product });
    multiply(ops, { a: product, b: gate, strideB: 1, out });
  },
};
