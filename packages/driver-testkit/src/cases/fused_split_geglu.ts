import type { CaseTable, OpCase } from "./case.js";
import { given, normal, output } from "./draw.js";
import { rowShapes } from "./shapes.js";
import { roundoff } from "./tolerances.js";

const forms = ["erf", "tanh"] as const;

export const fused_split_geglu: CaseTable<"fused_split_geglu"> = {
  tolerance: {
    rel: 20 * roundoff,
    halfRoundings: 2,
    reason: "erf and tanh to a few units in the last place of 1, times x and the gate",
  },
  cases: [
    ...forms.flatMap((form) => [
      ...rowShapes.map(([rows, cols]) => shaped(form, rows, cols)),
      shaped(form, 32, 768),
    ]),
    {
      name: "products beyond f16",
      args: () => ({ x: given([1, 4], [300, 300, 300, 100]), form: "erf", out: output([1, 2]) }),
    },
  ],
};

function shaped(form: "erf" | "tanh", rows: number, cols: number): OpCase<"fused_split_geglu"> {
  return {
    name: `${form}, ${rows} × ${cols}`,
    args: (random) => ({
      x: normal(random, [rows, 2 * cols], 2),
      form,
      out: output([rows, cols]),
    }),
  };
}
