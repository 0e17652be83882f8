import type { CaseTable, OpCase } from "./case.js";
import { given, nearlyBeyondF16, normal, output, poke } from "./draw.js";
import { rowShapes } from "./shapes.js";
import { roundoff } from "./tolerances.js";

export const fused_bias_residual: CaseTable<"fused_bias_residual"> = {
  tolerance: {
    rel: 3 * roundoff,
    halfRoundings: 2,
    reason: "two f32 additions in either order",
  },
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
        return { x, bias: given([5], [0, 0, 0, 0, 1]), residual, out: output([1, 5]) };
      },
    },
  ],
};

function shaped(rows: number, cols: number): OpCase<"fused_bias_residual"> {
  return {
    name: `${rows} × ${cols}`,
    args: (random) => ({
      x: normal(random, [rows, cols]),
      bias: normal(random, [cols], 2),
      residual: normal(random, [rows, cols]),
      out: output([rows, cols]),
    }),
  };
}
