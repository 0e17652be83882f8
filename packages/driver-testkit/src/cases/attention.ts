import type { Random } from "../numbers/random.js";
import type { CaseTable, CaseTensor, OpCase, Tolerance } from "./case.js";
import { given, ids, normal, output, poke } from "./draw.js";
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
    shaped({ lengths: [40, 3], heads: 2, headDim: 130 }),
    shaped({ lengths: [35], heads: 1, headDim: 256, rope: true }),
    ...[0, 2, 4, 64].map((window) =>
      shaped({ lengths: [67, 3, 0, 12], heads: 2, headDim: 8, window }),
    ),
    shaped({ lengths: [140, 130], heads: 1, headDim: 16, window: 128 }),
    shaped({ lengths: [9, 1, 30], heads: 2, headDim: 8, rope: true }),
    shaped({ lengths: [33, 40], heads: 3, headDim: 6, window: 16, rope: true }),
    { ...shaped({ lengths: [17, 4], heads: 2, headDim: 8, deviation: 6 }), name: "peaky" },
    ...placed(),
    ...extremeBiases(),
    shaped({ lengths: [512, 1], heads: 1, headDim: 32 }),
    shaped({ lengths: [128, 100], heads: 12, headDim: 64 }),
    shaped({ lengths: [127, 129], heads: 2, headDim: 32 }),
    {
      name: "NaN in one sequence stays there",
      args: (random) => {
        const args = shaped({ lengths: [9, 8, 7], heads: 2, headDim: 4 }).args(random);
        return { ...args, qkv: poke(args.qkv, { [11 * 24 + 17]: Number.NaN }) };
      },
      tolerance: tolerance(9, 4),
    },
    {
      name: "NaN in one sequence stays there, with a bias and causal",
      args: (random) => {
        const args = shaped({ lengths: [9, 8, 7], heads: 2, headDim: 4, reach: 3, causal: true });
        const drawn = args.args(random);
        return { ...drawn, qkv: poke(drawn.qkv, { [9 * 24 + 17]: Number.NaN }) };
      },
      tolerance: tolerance(9, 4),
    },
  ],
};

/** Biases by distance, causal sequences, and both, with windows and rotations. */
function placed(): OpCase<"attention">[] {
  const mixed = [41, 3, 0, 12];
  return [
    ...batches.map((lengths, i) => {
      const [heads, headDim] = headShapes[i % headShapes.length] ?? [1, 1];
      return shaped({ lengths, heads, headDim, reach: (3 * i) % 8, causal: i % 3 === 2 });
    }),
    ...[0, 1, 5, 40, 200].map((reach) => shaped({ lengths: mixed, heads: 3, headDim: 8, reach })),
    ...[32, 64, 96, 128, 7, 33, 130].map((headDim, i) =>
      shaped({ lengths: [35, 0, 9], heads: 2, headDim, reach: 9, causal: i % 2 === 1 }),
    ),
    shaped({ lengths: [127, 0, 129], heads: 1, headDim: 4, reach: 100 }),
    shaped({ lengths: [300, 1], heads: 1, headDim: 4, reach: 128, causal: true }),
    shaped({ lengths: mixed, heads: 2, headDim: 8, causal: true }),
    shaped({ lengths: [0, 1, 130, 64], heads: 1, headDim: 8, causal: true }),
    ...[0, 2, 64].flatMap((window) => [
      shaped({ lengths: mixed, heads: 2, headDim: 8, window, causal: true }),
      shaped({ lengths: mixed, heads: 2, headDim: 8, window, reach: 20 }),
      shaped({ lengths: mixed, heads: 2, headDim: 8, window, reach: 20, causal: true }),
    ]),
    shaped({ lengths: [140, 33], heads: 1, headDim: 8, window: 128, reach: 70, causal: true }),
    shaped({ lengths: [9, 1, 40], heads: 3, headDim: 6, rope: true, reach: 4 }),
    shaped({ lengths: [9, 1, 40], heads: 3, headDim: 6, rope: true, causal: true }),
    shaped({
      lengths: [70, 40],
      heads: 2,
      headDim: 8,
      rope: true,
      window: 16,
      reach: 4,
      causal: true,
    }),
    {
      ...shaped({ lengths: [17, 40], heads: 2, headDim: 8, reach: 5, causal: true, scale: 0 }),
      name: "scale 0: the bias alone decides",
    },
    {
      ...shaped({ lengths: [17, 40], heads: 2, headDim: 8, reach: 5, scale: -0.3 }),
      name: "a negative scale, with a bias",
    },
  ];
}

/** Biases from nothing to everything; −Infinity hides a key, and a query whose keys are all hidden gets zeros. */
function extremeBiases(): OpCase<"attention">[] {
  const hide = Number.NEGATIVE_INFINITY;
  const lowest = -3.4028234663852886e38;
  const lengths = [40, 0, 5, 1];
  const biased = (name: string, bias: (head: number, distance: number) => number) => {
    const sizes = { lengths, heads: 2, headDim: 6, reach: 6, bias };
    return [
      { ...shaped(sizes), name },
      { ...shaped({ ...sizes, causal: true }), name: `${name}, causal` },
    ];
  };
  return [
    ...biased("biases of ±30", (head, d) => (d % 2 === 0 ? 30 : -30) * (1 - 2 * head)),
    ...biased("biases of ±10,000", (head, d) => (d === head ? 10_000 : -10_000)),
    ...biased("a slope as in ALiBi", (head, d) => -Math.abs(d) / 2 ** (1 + 3 * head)),
    ...biased("−Infinity hides what is far", (_, d) => (Math.abs(d) === 6 ? hide : d / 4)),
    ...biased("−Infinity hides what is near", (_, d) => (Math.abs(d) <= 1 ? hide : d / 4)),
    ...biased("−Infinity hides every second key", (head, d) =>
      d % 2 === 0 ? hide : d / (4 + head),
    ),
    ...biased("−Infinity hides every key of one head", (head, d) => (head === 1 ? hide : d / 4)),
    ...biased("the lowest number for every key", () => lowest),
    ...biased("the lowest number for far keys", (_, d) => (Math.abs(d) === 6 ? lowest : d / 4)),
  ];
}

interface Sizes {
  lengths: readonly number[];
  heads: number;
  headDim: number;
  window?: number;
  rope?: boolean;
  deviation?: number;
  scale?: number;
  causal?: boolean;
  /** The reach of the position bias. Without it the case has no bias. */
  reach?: number;
  /** The values of the position bias. By default they are drawn. */
  bias?: (head: number, distance: number) => number;
}

function shaped(sizes: Sizes): OpCase<"attention"> {
  const { lengths, heads, headDim, window, rope, deviation = 1.5, causal } = sizes;
  const tokens = total(lengths);
  return {
    name: `lengths ${lengths.join(", ")}, ${heads} heads of ${headDim}${extrasOf(sizes)}`,
    args: (random) => {
      const { cos, sin } = ropeTables(64, headDim);
      return {
        qkv: normal(random, [tokens, 3 * heads * headDim], deviation),
        layout: lengths,
        heads,
        headDim,
        scale: sizes.scale ?? 1 / Math.sqrt(headDim),
        window,
        causal,
        ...(rope && { ropeCos: cos, ropeSin: sin, positionIds: ids(random, tokens, 64) }),
        ...(sizes.reach !== undefined && { positionBias: biasOf(random, sizes, sizes.reach) }),
        out: output([tokens, heads * headDim]),
      };
    },
    tolerance: tolerance(longest(lengths), headDim),
  };
}

function extrasOf({ window, rope, reach, causal }: Sizes): string {
  return [
    window === undefined ? "" : `, window ${window}`,
    rope ? ", rotated" : "",
    reach === undefined ? "" : `, bias of reach ${reach}`,
    causal ? ", causal" : "",
  ].join("");
}

function biasOf(random: Random, { heads, bias }: Sizes, reach: number): CaseTensor {
  const columns = 2 * reach + 1;
  const shape = [heads, columns];
  if (!bias) return normal(random, shape, 2);
  const values = Array.from({ length: heads * columns }, (_, i) => {
    return bias(Math.floor(i / columns), (i % columns) - reach);
  });
  return given(shape, values);
}

function tolerance(length: number, headDim: number): Tolerance {
  return {
    rel: (32 + 2 * length + headDim) * roundoff,
    halfRoundings: 4,
    reason: "dot products, a softmax and a weighted sum, each within its own bound",
  };
}
