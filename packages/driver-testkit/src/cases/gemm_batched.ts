import type { CaseTable, OpCase } from "./case.js";
import { given, normal, output } from "./draw.js";
import { sums } from "./tolerances.js";

export const gemm_batched: CaseTable<"gemm_batched"> = {
  tolerance: sums(0),
  cases: [
    ...[true, false].flatMap((transposeB) => [
      shaped({ batch: 1, m: 1, n: 1, k: 1, transposeB }),
      shaped({ batch: 5, m: 3, n: 7, k: 2, transposeB }),
      shaped({ batch: 3, m: 8, n: 9, k: 16, transposeB }),
      shaped({ batch: 2, m: 33, n: 17, k: 65, transposeB }),
      shaped({ batch: 12, m: 64, n: 63, k: 31, transposeB }),
      shaped({ batch: 33, m: 33, n: 66, k: 8, transposeB }),
      shaped({ batch: 2, m: 5, n: 6, k: 4, transposeB, gap: 3 }),
      shaped({ batch: 0, m: 5, n: 6, k: 4, transposeB }),
      shaped({ batch: 3, m: 2, n: 2, k: 0, transposeB }),
      shaped({ batch: 3, m: 0, n: 2, k: 3, transposeB }),
    ]),
    strides("one b for all", { a: 12, b: 0 }),
    strides("overlapping rows of a", { a: 1, b: 20 }),
    strides("products of pairs", { a: 1, b: 1 }, { m: 1, n: 1, k: 1 }),
    strides("bands of b", { a: 4, b: 4 }, { m: 1, n: 5, k: 4 }),
    {
      name: "products beyond f16",
      args: () => ({
        a: given([2], [60000, -60000]),
        b: given([2], [2, 0.5]),
        ...{ batch: 2, m: 1, n: 1, k: 1, transposeB: true, strideA: 1, strideB: 1, strideOut: 1 },
        out: output([2]),
      }),
      tolerance: sums(1),
    },
  ],
};

interface Sizes {
  batch: number;
  m: number;
  n: number;
  k: number;
  transposeB: boolean;
  /** The number of elements between the matrices of each tensor. */
  gap?: number;
}

function shaped({ batch, m, n, k, transposeB, gap = 0 }: Sizes): OpCase<"gemm_batched"> {
  const strideA = m * k + gap;
  const strideB = n * k + gap;
  const strideOut = m * n + gap;
  return {
    name: `${batch} of ${m} × ${n} × ${k}${transposeB ? "" : ", plain b"}${gap ? ", with gaps" : ""}`,
    args: (random) => ({
      a: normal(random, [batch * strideA]),
      b: normal(random, [batch * strideB], 0.5, 0.1),
      ...{ batch, m, n, k, transposeB, strideA, strideB, strideOut },
      out: output([batch * strideOut]),
    }),
    tolerance: sums(k),
  };
}

function strides(
  name: string,
  { a: strideA, b: strideB }: { a: number; b: number },
  { m, n, k }: { m: number; n: number; k: number } = { m: 3, n: 5, k: 4 },
): OpCase<"gemm_batched"> {
  const batch = 7;
  return {
    name,
    args: (random) => ({
      a: normal(random, [(batch - 1) * strideA + m * k]),
      b: normal(random, [(batch - 1) * strideB + n * k]),
      ...{ batch, m, n, k, transposeB: true, strideA, strideB, strideOut: m * n },
      out: output([batch, m, n]),
    }),
    tolerance: sums(k),
  };
}
