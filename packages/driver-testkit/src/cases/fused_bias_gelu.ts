import type { CaseTable, OpCase } from "./case.js";
import { given, normal, output } from "./draw.js";
import { rowShapes } from "./shapes.js";
import { roundoff } from "./tolerances.js";

const forms = ["erf", "tanh"] as const;

export const fused_bias_gelu: CaseTable<"fused_bias_gelu"> = {
  tolerance: {
    rel: 20 * roundoff,
    halfRoundings: 2,
    reason: "erf and tanh to a few units in the last place of 1, times x",
  },
  cases: [
    ...forms.flatMap((form) => [
      ...rowShapes.map(([rows, cols]) => shaped(form, rows, cols)),
      shaped(form, 32, 768),
    ]),
    {
      name: "results beyond f16",
      args: () => ({
        x: given([1, 2], [60000, 3]),
        bias: given([2], [60000, 1]),
        form: "erf",
        out: output([1, 2]),
      }),
    },
  ],
};

function shaped(form: "erf" | "tanh", rows: number, cols: number): OpCase<"fused_bias_gelu"> {
  return {
    name: `${form}, ${rows} × ${cols}`,
    args: (random) => ({
      x: normal(random, [rows, cols], 2),
      bias: normal(random, [cols]),
      form,
      out: output([rows, cols]),
    }),
  };
}
