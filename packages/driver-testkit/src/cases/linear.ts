import type { CaseTable, OpCase } from "./case.js";
import { given, normal, output, poke } from "./draw.js";
import { sums } from "./tolerances.js";

type Act = "erf" | "tanh" | undefined;

const shapes: readonly (readonly [rows: number, outputs: number, inputs: number])[] = [
  [1, 1, 1],
  [1, 7, 3],
  [3, 5, 8],
  [7, 16, 31],
  [9, 33, 64],
  [65, 63, 33],
  [2, 129, 65],
];

export const linear: CaseTable<"linear"> = {
  tolerance: sums(0),
  cases: [
    ...shapes.flatMap(([rows, outputs, inputs]) => [
      shaped(rows, outputs, inputs, "erf"),
      shaped(rows, outputs, inputs, "tanh"),
      shaped(rows, outputs, inputs, undefined),
      shaped(rows, outputs, inputs, undefined, false),
      shaped(rows, outputs, inputs, "erf", false),
    ]),
    shaped(0, 3, 4, "erf"),
    shaped(128, 768, 768, "erf"),
    {
      name: "NaN and Inf stay in their rows",
      args: (random) => ({
        x: poke(normal(random, [6, 17]), { 17: Number.NaN, 40: Number.POSITIVE_INFINITY }),
        weight: normal(random, [9, 17]),
        bias: normal(random, [9]),
        out: output([6, 9]),
      }),
      tolerance: sums(17),
    },
    {
      name: "products beyond f16",
      args: () => ({
        x: given([2, 1], [60000, -60000]),
        weight: given([2, 1], [2, 0.5]),
        out: output([2, 2]),
      }),
      tolerance: sums(1),
    },
  ],
};

function shaped(
  rows: number,
  outputs: number,
  inputs: number,
  activation: Act,
  withBias = true,
): OpCase<"linear"> {
  const extras = [withBias ? "bias" : "", activation ?? ""].filter(Boolean).join(", ");
  return {
    name: `${rows} × ${outputs} × ${inputs}${extras && `, ${extras}`}`,
    args: (random) => ({
      x: normal(random, [rows, inputs]),
      weight: normal(random, [outputs, inputs], 0.4, 0.05),
      bias: withBias ? normal(random, [outputs], 1) : undefined,
      activation,
      out: output([rows, outputs]),
    }),
    tolerance: sums(inputs, 16),
  };
}
