import type { CaseTable, OpCase } from "./case.js";
import { given, normal, output, poke, spread } from "./draw.js";
import { exact, sums } from "./tolerances.js";

const shapes: readonly (readonly [m: number, n: number, k: number])[] = [
  [1, 1, 1],
  [1, 5, 3],
  [2, 3, 1],
  [3, 1, 7],
  [5, 7, 11],
  [7, 8, 16],
  [8, 9, 15],
  [13, 17, 33],
  [31, 33, 32],
  [33, 31, 63],
  [64, 65, 65],
  [17, 129, 127],
  [1, 384, 384],
  [66, 48, 257],
];

export const gemm: CaseTable<"gemm"> = {
  tolerance: sums(0),
  cases: [
    ...shapes.flatMap(([m, n, k]) => [shaped(m, n, k, true), shaped(m, n, k, false)]),
    shaped(0, 3, 5, true),
    shaped(4, 0, 5, true),
    { ...shaped(3, 4, 0, true), name: "no terms: zeros", tolerance: exact },
    { ...shaped(3, 4, 0, false), name: "no terms: zeros, plain b", tolerance: exact },
    shaped(128, 768, 768, true),
    extreme("values from 1e-18 to 1e18", -18, 18),
    extreme("large values", 17, 18),
    extreme("small values", -18, -17),
    {
      name: "NaN and Inf stay in their rows",
      args: (random) => ({
        a: poke(normal(random, [9, 19]), { 19: Number.NaN, 60: Number.POSITIVE_INFINITY }),
        b: normal(random, [21, 19]),
        transposeB: true,
        out: output([9, 21]),
      }),
      tolerance: sums(19),
    },
    {
      name: "products beyond f16",
      args: () => ({
        a: given([2, 1], [60000, -60000]),
        b: given([2, 1], [2, 0.5]),
        transposeB: true,
        out: output([2, 2]),
      }),
      tolerance: sums(1),
    },
  ],
};

function shaped(m: number, n: number, k: number, transposeB: boolean): OpCase<"gemm"> {
  return {
    name: `${m} × ${n} × ${k}${transposeB ? "" : ", plain b"}`,
    args: (random) => ({
      a: normal(random, [m, k]),
      b: normal(random, transposeB ? [n, k] : [k, n], 0.5, 0.1),
      transposeB,
      out: output([m, n]),
    }),
    tolerance: sums(k),
  };
}

function extreme(name: string, from: number, to: number): OpCase<"gemm"> {
  return {
    name,
    args: (random) => ({
      a: spread(random, [5, 40], from, to),
      b: spread(random, [6, 40], from, to),
      transposeB: true,
      out: output([5, 6]),
    }),
    tolerance: sums(40),
    f32Only: true,
  };
}
