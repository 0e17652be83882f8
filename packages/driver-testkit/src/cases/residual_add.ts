import type { CaseTable, OpCase } from "./case.js";
import { nearlyBeyondF16, normal, output, poke } from "./draw.js";
import { rowShapes } from "./shapes.js";
import { oneRounding } from "./tolerances.js";

export const residual_add: CaseTable<"residual_add"> = {
  tolerance: oneRounding,
  cases: [
    ...rowShapes.map(([rows, cols]) => shaped(rows, cols)),
    shaped(128, 768),
    {
      name: "large values, NaN and Inf",
      args: (random) => {
        const args = shaped(3, 5).args(random);
        const odd = { 1: Number.NaN, 7: Number.POSITIVE_INFINITY, 8: 3e38, 9: -3e38, 10: 1e-30 };
        return { ...args, x: poke(args.x, odd) };
      },
      f32Only: true,
    },
    {
      name: "sums beyond f16",
      args: () => {
        const [x, residual] = nearlyBeyondF16([1, 5]);
        return { x, residual, out: output([1, 5]) };
      },
    },
  ],
};

function shaped(rows: number, cols: number): OpCase<"residual_add"> {
  return {
    name: `${rows} × ${cols}`,
    args: (random) => ({
      x: normal(random, [rows, cols]),
      residual: normal(random, [rows, cols], 2),
      out: output([rows, cols]),
    }),
  };
}
