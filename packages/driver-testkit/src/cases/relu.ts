import type { CaseTable, OpCase } from "./case.js";
import { given, normal, output } from "./draw.js";
import { rowShapes } from "./shapes.js";
import { exact } from "./tolerances.js";

/**
 * Positive and negative zero, the smallest normal numbers, large numbers, NaN and infinities. Subnormal numbers are left
 * out, because a WebGPU device may flush them to zero.
 */
const odd = [
  ...[0, -0, 1.2e-38, -1.2e-38, 3e38, -3e38],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
];

export const relu: CaseTable<"relu"> = {
  tolerance: exact,
  cases: [
    ...rowShapes.map(([rows, cols]) => shaped(rows, cols)),
    shaped(128, 768),
    {
      name: "zeros, tiny, large, NaN and Inf",
      args: () => ({ x: given([1, odd.length], odd), out: output([1, odd.length]) }),
      f32Only: true,
    },
  ],
};

function shaped(rows: number, cols: number): OpCase<"relu"> {
  return {
    name: `${rows} × ${cols}`,
    args: (random) => ({ x: normal(random, [rows, cols], 1.5), out: output([rows, cols]) }),
  };
}
