import type { CaseTable, OpCase } from "./case.js";
import { given, normal, output } from "./draw.js";
import { rowShapes } from "./shapes.js";
import { roundoff } from "./tolerances.js";

/** Both tails, the middle, both sides of the point where tanh rounds to 1, and the largest numbers. */
const curve = [
  ...Array.from({ length: 401 }, (_, i) => (i - 200) / 20),
  ...[3e38, -3e38, 100, -100, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
];

export const tanh: CaseTable<"tanh"> = {
  tolerance: {
    rel: 8 * roundoff,
    abs: 4 * roundoff,
    reason: "a few units in the last place of 1: near 0 the usual formula cancels",
  },
  cases: [
    ...rowShapes.map(([rows, cols]) => shaped(rows, cols)),
    {
      name: "from −10 to 10, large, NaN and Inf",
      args: () => ({ x: given([1, 408], curve), out: output([1, 408]) }),
      f32Only: true,
    },
  ],
};

function shaped(rows: number, cols: number): OpCase<"tanh"> {
  return {
    name: `${rows} × ${cols}`,
    args: (random) => ({ x: normal(random, [rows, cols], 1.5), out: output([rows, cols]) }),
  };
}
