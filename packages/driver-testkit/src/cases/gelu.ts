import type { CaseTable, OpCase } from "./case.js";
import { given, normal, output } from "./draw.js";
import { rowShapes } from "./shapes.js";
import { roundoff } from "./tolerances.js";

/** Where the two forms differ most, both tails, and the largest numbers. */
const curve = [
  ...Array.from({ length: 481 }, (_, i) => (i - 240) / 20),
  ...[3e38, -3e38, 1e-30, Number.NaN, Number.POSITIVE_INFINITY],
];
const forms = ["erf", "tanh"] as const;

export const gelu: CaseTable<"gelu"> = {
  tolerance: {
    rel: 16 * roundoff,
    halfRoundings: 1,
    reason: "erf and tanh to a few units in the last place of 1, times x",
  },
  cases: forms.flatMap((form) => [
    ...rowShapes.map(([rows, cols]) => shaped(form, rows, cols)),
    shaped(form, 32, 768),
    {
      name: `${form}, from −12 to 12, large, NaN and +Inf`,
      args: () => ({ x: given([1, 486], curve), form, out: output([1, 486]) }),
      f32Only: true,
    },
  ]),
};

function shaped(form: "erf" | "tanh", rows: number, cols: number): OpCase<"gelu"> {
  return {
    name: `${form}, ${rows} × ${cols}`,
    args: (random) => ({
      x: normal(random, [rows, cols], 2),
      form,
      out: output([rows, cols]),
    }),
  };
}
