import type { CaseTable, OpCase } from "./case.js";
import { given, normal, output } from "./draw.js";
import { rowShapes } from "./shapes.js";
import { roundoff } from "./tolerances.js";

export const swiglu: CaseTable<"swiglu"> = {
  tolerance: {
    rel: 24 * roundoff,
    halfRoundings: 6,
    reason: "an exponential or tanh, a quotient and two products",
  },
  cases: [
    ...rowShapes.map(([rows, cols]) => shaped(rows, cols)),
    shaped(16, 768),
    {
      name: "both tails and NaN",
      args: (random) => ({
        value: given([1, 7], [-90, 90, -30, 30, 0, 1e4, Number.NaN]),
        gate: normal(random, [1, 7], 0.2, 2),
        out: output([1, 7]),
      }),
    },
    {
      name: "products beyond f16",
      args: () => ({
        value: given([1, 2], [300, 300]),
        gate: given([1, 2], [-300, 100]),
        out: output([1, 2]),
      }),
    },
  ],
};

function shaped(rows: number, cols: number): OpCase<"swiglu"> {
  return {
    name: `${rows} × ${cols}`,
    args: (random) => ({
      value: normal(random, [rows, cols], 3),
      gate: normal(random, [rows, cols]),
      out: output([rows, cols]),
    }),
  };
}
