import type { CaseTable, OpCase, Tolerance } from "./case.js";
import { given, normal, output, poke } from "./draw.js";
import { rowShapes, wideRows } from "./shapes.js";
import { roundoff } from "./tolerances.js";

export const layer_norm: CaseTable<"layer_norm"> = {
  tolerance: tolerance(0),
  cases: [
    ...rowShapes.flatMap(([rows, cols]) => [
      shaped(`${rows} × ${cols}`, rows, cols, {}),
      shaped(`${rows} × ${cols} without bias`, rows, cols, { withBias: false }),
    ]),
    ...wideRows.map((cols) => shaped(`2 × ${cols}`, 2, cols, {})),
    shaped("128 × 768", 128, 768, {}),
    shaped("eps counts: small values, 1e-12", 3, 37, { deviation: 1e-5 }),
    shaped("eps counts: small values, 1e-5", 3, 37, { deviation: 1e-3, eps: 1e-5 }),
    shaped("eps counts: small values, 0.1", 3, 37, { deviation: 0.3, eps: 0.1 }),
    shaped("large mean", 4, 96, { mean: 1000 }),
    shaped("large values", 4, 33, { deviation: 1e15, f32Only: true }),
    shaped("constant rows", 3, 40, { deviation: 0, mean: 3 }),
    {
      name: "NaN and Inf stay in their rows",
      args: (random) => {
        const args = shaped("", 4, 21, {}).args(random);
        return { ...args, x: poke(args.x, { 3: Number.NaN, 50: Number.POSITIVE_INFINITY }) };
      },
      tolerance: tolerance(21),
    },
    {
      name: "results beyond f16",
      args: () => ({
        x: given([1, 2], [-1, 1]),
        weight: given([2], [100_000, 100]),
        eps: 1e-12,
        out: output([1, 2]),
      }),
      tolerance: tolerance(2),
    },
  ],
};

interface Options {
  withBias?: boolean;
  deviation?: number;
  /** The mean, as a multiple of the deviation. */
  mean?: number;
  eps?: number;
  f32Only?: boolean;
}

function shaped(name: string, rows: number, cols: number, options: Options): OpCase<"layer_norm"> {
  const { withBias = true, deviation = 1, mean = 0.3, eps = 1e-12, f32Only = false } = options;
  return {
    name,
    args: (random) => ({
      x: normal(random, [rows, cols], deviation, mean * (deviation || 1)),
      weight: normal(random, [cols], 0.2, 1),
      bias: withBias ? normal(random, [cols], 0.3) : undefined,
      eps,
      out: output([rows, cols]),
    }),
    tolerance: tolerance(cols),
    f32Only: f32Only || deviation < 0.01,
  };
}

function tolerance(cols: number): Tolerance {
  return {
    rel: (16 + cols / 4) * roundoff,
    halfRoundings: 1,
    reason:
      "two sums over the row; a rounding weighs as the row's largest value over its deviation",
  };
}
