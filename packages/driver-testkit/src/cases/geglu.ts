import type { CaseTable, OpCase } from "./case.js";
import { given, normal, output } from "./draw.js";
import { rowShapes } from "./shapes.js";
import { roundoff } from "./tolerances.js";

const forms = ["erf", "tanh"] as const;

export const geglu: CaseTable<"geglu"> = {
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
      args: () => ({
        value: given([1, 2], [300, 300]),
        gate: given([1, 2], [-300, 100]),
        form: "erf",
        out: output([1, 2]),
      }),
    },
  ],
};

function shaped(form: "erf" | "tanh", rows: number, cols: number): OpCase<"geglu"> {
  return {
    name: `${form}, ${rows} × ${cols}`,
    args: (random) => ({
      value: normal(random, [rows, cols], 2),
      gate: normal(random, [rows, cols]),
      form,
      out: output([rows, cols]),
    }),
  };
}
