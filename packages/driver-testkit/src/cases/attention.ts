import type { CaseTable, OpCase, Tolerance } from "./case.js";
import { ids, normal, output, poke } from "./draw.js";
import { ropeTables } from "./rope-tables.js";
import { batches, headShapes, longest, total } from "./shapes.js";
import { roundoff } from "./tolerances.js";

export const attention: CaseTable<"attention"> = {
  tolerance: tolerance(0, 0),
  cases: [
    ...batches.map((lengths, i) => {
      const [heads, headDim] = headShapes[i % headShapes.length] ?? [1, 1];
      return shaped({ lengths, heads, headDim });
    }),
    shaped({ lengths: [512, 1], heads: 1, headDim: 32 }),
    shaped({ lengths: [128, 100], heads: 12, headDim: 64 }),
    shaped({ lengths: [127, 129], heads: 2, headDim: 32 }),
    shaped({ lengths: [40, 3], heads: 2, headDim: 130 }),
    shaped({ lengths: [35], heads: 1, headDim: 256, rope: true }),
    ...[0, 2, 4, 64].map((window) =>
      shaped({ lengths: [67, 3, 0, 12], heads: 2, headDim: 8, window }),
    ),
    shaped({ lengths: [140, 130], heads: 1, headDim: 16, window: 128 }),
    shaped({ lengths: [9, 1, 30], heads: 2, headDim: 8, rope: true }),
    shaped({ lengths: [33, 40], heads: 3, headDim: 6, window: 16, rope: true }),
    { ...shaped({ lengths: [17, 4], heads: 2, headDim: 8, deviation: 6 }), name: "peaky" },
    {
      name: "NaN in one sequence stays there",
      args: (random) => {
        const args = shaped({ lengths: [9, 8, 7], heads: 2, headDim: 4 }).args(random);
        return { ...args, qkv: poke(args.qkv, { [11 * 24 + 17]: Number.NaN }) };
      },
      tolerance: tolerance(9, 4),
    },
  ],
};

interface Sizes {
  lengths: readonly number[];
  heads: number;
  headDim: number;
  window?: number;
  rope?: boolean;
  deviation?: number;
}

function shaped(sizes: Sizes): OpCase<"attention"> {
  const { lengths, heads, headDim, window, rope, deviation = 1.5 } = sizes;
  const tokens = total(lengths);
  const extras = `${window === undefined ? "" : `, window ${window}`}${rope ? ", rotated" : ""}`;
  return {
    name: `lengths ${lengths.join(", ")}, ${heads} heads of ${headDim}${extras}`,
    args: (random) => {
      const { cos, sin } = ropeTables(64, headDim);
      return {
        qkv: normal(random, [tokens, 3 * heads * headDim], deviation),
        layout: lengths,
        heads,
        headDim,
        scale: 1 / Math.sqrt(headDim),
        window,
        ...(rope && { ropeCos: cos, ropeSin: sin, positionIds: ids(random, tokens, 64) }),
        out: output([tokens, heads * headDim]),
      };
    },
    tolerance: tolerance(longest(lengths), headDim),
  };
}

function tolerance(length: number, headDim: number): Tolerance {
  return {
    rel: (32 + 2 * length + headDim) * roundoff,
    halfRoundings: 4,
    reason: "dot products, a softmax and a weighted sum, each within its own bound",
  };
}
