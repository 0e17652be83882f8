import type { Random } from "../numbers/random.js";
import type { CaseTensor, OpCase } from "./case.js";
import { normal, output } from "./draw.js";
import { sums } from "./tolerances.js";

/** x · weightᵀ with a weight that has its own dtype. Used for both `linear` and `gemm`. */
export interface Product {
  readonly name: string;
  operands(random: Random): { readonly x: CaseTensor; readonly weight: CaseTensor };
}

const inputs = [1, 3, 5, 31, 33, 385];
const outputs = [1, 15, 17, 33];

/** One case for each of these widths, with heights from 1 to 20 in turn. */
export const oddProducts: readonly Product[] = inputs.flatMap((k, i) =>
  outputs.flatMap((n, j) =>
    Array.from({ length: 20 }, (_, row) => row + 1)
      .filter((m) => (m + i + j) % 5 === 0)
      .map((m) => ({
        name: `${m} × ${n} × ${k}`,
        operands: (random: Random) => ({
          x: normal(random, [m, k], 1, 0.2),
          weight: normal(random, [n, k], 0.05, 0.01),
        }),
      })),
  ),
);

export function linearCase({ name, operands }: Product): OpCase<"linear"> {
  return {
    name,
    args(random) {
      const { x, weight } = operands(random);
      return { x, weight, out: output([rowsOf(x), rowsOf(weight)]) };
    },
    tolerance: sums(longest),
  };
}

export function gemmCase({ name, operands }: Product): OpCase<"gemm"> {
  return {
    name,
    args(random) {
      const { x, weight } = operands(random);
      return { a: x, b: weight, transposeB: true, out: output([rowsOf(x), rowsOf(weight)]) };
    },
    tolerance: sums(longest),
  };
}

/** The number of terms of the longest sum above, for the tolerance. */
const longest = 400;

const rowsOf = ({ shape }: CaseTensor): number => shape[0] ?? 0;
