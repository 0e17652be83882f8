import { activation, flag, matrix, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/**
 * a [M, K] · b [K, N], or [N, K] when `transposeB` · out [M, N]. A weight as `b` is always [N, K],
 * in any dtype of `capabilities.weightDtypes`. K = 0 gives zeros. Sums are computed in f32, in an order that depends on
 * K alone; with an i8 weight they may be exact sums of integers.
 */
export interface GemmArgs {
  a: Tensor;
  b: Tensor;
  transposeB: boolean;
  out: Tensor;
}

export const gemm: OpSpec<GemmArgs> = {
  name: "gemm",
  group: "linear",
  summary: "out = a · b, or a · bᵀ",
  tensors: {
    a: activation("M", "K"),
    b: matrix("bRows", "bCols"),
    out: output("M", "N"),
  },
  scalars: ["M", "N", "K", flag("transposeB")],
  check({ b, transposeB }, check) {
    check.boolean("transposeB", transposeB);
    check.transposedWeight("b", b, transposeB);
    const expected = [check.dim("K"), check.dim("N")];
    if (transposeB) expected.reverse();
    if (check.dim("bRows") !== expected[0] || check.dim("bCols") !== expected[1]) {
      check.fail("b", expected, b.shape);
    }
  },
};
