import type { OpCase, Tolerance } from "./case.js";
import { normal, output, poke } from "./draw.js";
import { batches, total } from "./shapes.js";

/** The cases of every pooling op, which all have the same arguments. The tolerance may depend on the lengths. */
export function poolingCases(
  tolerance: (lengths: readonly number[]) => Tolerance,
): readonly OpCase<"cls_pool">[] {
  const shaped = (lengths: readonly number[], cols: number): OpCase<"cls_pool"> => ({
    name: `lengths ${lengths.join(", ")} of ${cols}`,
    args: (random) => ({
      x: normal(random, [total(lengths), cols]),
      layout: lengths,
      out: output([lengths.length, cols]),
    }),
    tolerance: tolerance(lengths),
  });
  const small = shaped([3, 2, 4], 5);
  return [
    ...batches.map((lengths, i) => shaped(lengths, [5, 8, 1, 33][i % 4] ?? 1)),
    shaped([512, 2, 100], 384),
    {
      ...small,
      name: "NaN and Inf stay in their sequence",
      args: (random) => {
        const args = small.args(random);
        const odd = { 15: Number.NaN, 21: Number.NaN, 16: Number.POSITIVE_INFINITY };
        return { ...args, x: poke(args.x, odd) };
      },
    },
  ];
}
