import type { Ops } from "../ops.js";
import type { Tensor } from "../tensor.js";

/** out = a · b, element by element (strideB 1) or with a single element b (strideB 0), as products of 1 × 1 matrices. */
export function multiply(
  ops: Ops,
  { a, b, strideB, out }: { a: Tensor; b: Tensor; strideB: 0 | 1; out: Tensor },
): void {
  ops.gemm_batched({
    a,
    b,
    batch: a.size,
    m: 1,
    n: 1,
    k: 1,
    transposeB: false,
    strideA: 1,
    strideB,
    strideOut: 1,
    out,
  });
}
