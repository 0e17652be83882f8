import { activation, flag, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/**
 * For g in 0 … batch − 1: out[g·strideOut …] (m × n) = a[g·strideA …] (m × k) times b[g·strideB …]
 * (k × n, or n × k when `transposeB`). Strides are in elements, and each matrix is contiguous. Matrices
 * of a and of b may overlap, also with a stride of 0; those of out must not. Only the sizes of the tensors are checked,
 * not their shapes.
 */
export interface GemmBatchedArgs {
  a: Tensor;
  b: Tensor;
  batch: number;
  m: number;
  n: number;
  k: number;
  transposeB: boolean;
  strideA: number;
  strideB: number;
  strideOut: number;
  out: Tensor;
}

export const gemm_batched: OpSpec<GemmBatchedArgs> = {
  name: "gemm_batched",
  group: "linear",
  summary: "out[g] = a[g] · b[g], or a[g] · b[g]ᵀ",
  tensors: { a: activation("..."), b: activation("..."), out: output("...") },
  scalars: ["batch", "m", "n", "k", "strideA", "strideB", "strideOut", flag("transposeB")],
  check(args, check) {
    const { a, b, out, batch, m, n, k, strideA, strideB, strideOut } = args;
    check.boolean("transposeB", args.transposeB);
    const sizes = { batch, m, n, k, strideA, strideB, strideOut };
    for (const [name, value] of Object.entries(sizes)) {
      if (!Number.isSafeInteger(value) || value < 0) check.fail(name, "a whole number", value);
    }
    if (batch > 1 && strideOut < m * n) check.fail("strideOut", `at least ${m * n}`, strideOut);
    const need = (name: string, tensor: Tensor, stride: number, size: number) => {
      const elements = batch === 0 || size === 0 ? 0 : (batch - 1) * stride + size;
      if (tensor.size < elements) check.fail(name, `at least ${elements} elements`, tensor.size);
    };
    need("a", a, strideA, m * k);
    need("b", b, strideB, k * n);
    need("out", out, strideOut, m * n);
  },
};
