import type { CaseTable, CaseTensor, OpCase, Tolerance } from "./case.js";
import { given, normal, output, poke } from "./draw.js";
import { roundoff } from "./tolerances.js";

export const scale_mask_softmax: CaseTable<"scale_mask_softmax"> = {
  tolerance: tolerance(0),
  cases: [
    ...[1, 2, 7, 8, 9, 31, 63, 64, 65, 66, 129].flatMap((keys, i) => [
      shaped({ batch: 2, heads: 1 + (i % 3), queries: 1 + i, keys }),
      shaped({ batch: 3, heads: 2, queries: keys, keys, lengths: [keys, keys >> 1, 1] }),
    ]),
    shaped({ batch: 1, heads: 1, queries: 2, keys: 512 }),
    shaped({ batch: 0, heads: 2, queries: 3, keys: 3 }),
    shaped({ batch: 2, heads: 2, queries: 0, keys: 0 }),
    shaped({ batch: 2, heads: 2, queries: 3, keys: 5, lengths: [0, 2] }),
    ...[0, 2, 4, 16, 128].map((window) =>
      shaped({ batch: 2, heads: 2, queries: 67, keys: 67, lengths: [67, 20], window }),
    ),
    shaped({ batch: 1, heads: 3, queries: 9, keys: 9, window: 4 }),
    {
      ...shaped({ batch: 1, heads: 2, queries: 3, keys: 33, deviation: 60 }),
      name: "large scores",
    },
    {
      ...shaped({ batch: 1, heads: 1, queries: 3, keys: 9, deviation: 1e30 }),
      name: "huge scores",
      f32Only: true,
    },
    finiteMask(),
    hiddenGarbage(),
    nanRow(),
  ],
};

interface Sizes {
  batch: number;
  heads: number;
  queries: number;
  keys: number;
  /** The number of visible keys of each sequence. Without it there is no mask. */
  lengths?: readonly number[];
  window?: number;
  deviation?: number;
}

function shaped(sizes: Sizes): OpCase<"scale_mask_softmax"> {
  const { batch, heads, queries, keys, lengths, window, deviation = 4 } = sizes;
  const shape = [batch, heads, queries, keys];
  const masked = lengths ? `, lengths ${lengths.join(", ")}` : "";
  return {
    name: `${shape.join(" × ")}${masked}${window === undefined ? "" : `, window ${window}`}`,
    args: (random) => ({
      x: normal(random, shape, deviation),
      mask: lengths && maskOf(lengths, keys),
      scale: 0.35,
      window,
      out: output(shape),
    }),
    tolerance: tolerance(keys),
  };
}

function maskOf(lengths: readonly number[], keys: number): CaseTensor {
  const rows = lengths.map((length) =>
    Array.from({ length: keys }, (_, key) => (key < length ? 0 : Number.NEGATIVE_INFINITY)),
  );
  return given([lengths.length, keys], rows.flat());
}

function finiteMask(): OpCase<"scale_mask_softmax"> {
  return {
    name: "finite mask values are added",
    args: (random) => ({
      x: normal(random, [2, 2, 3, 5]),
      mask: given([2, 5], [0, -1, 2, -0.5, -10000, 3, 0, Number.NEGATIVE_INFINITY, 1, -2]),
      scale: 0.5,
      out: output([2, 2, 3, 5]),
    }),
    tolerance: tolerance(5),
  };
}

/** The content after a sequence is unspecified. */
function hiddenGarbage(): OpCase<"scale_mask_softmax"> {
  return {
    name: "hidden scores don't matter, NaN and Inf neither",
    args: (random) => ({
      x: poke(normal(random, [1, 1, 4, 7]), {
        5: Number.NaN,
        6: 1e4,
        12: Number.POSITIVE_INFINITY,
        13: Number.NaN,
        19: Number.NEGATIVE_INFINITY,
        26: 6e4,
      }),
      mask: maskOf([5], 7),
      scale: 1,
      out: output([1, 1, 4, 7]),
    }),
    tolerance: tolerance(7),
  };
}

function nanRow(): OpCase<"scale_mask_softmax"> {
  return {
    name: "NaN fills its row only; a score of −Inf gets 0",
    args: (random) => ({
      x: poke(normal(random, [1, 2, 3, 6]), { 8: Number.NaN, 20: Number.NEGATIVE_INFINITY }),
      scale: 1,
      out: output([1, 2, 3, 6]),
    }),
    tolerance: tolerance(6),
  };
}

function tolerance(keys: number): Tolerance {
  return {
    rel: (24 + keys) * roundoff,
    halfRoundings: 2,
    reason:
      "a sum of n exponentials; an error of a score is an equal relative error of its exponential",
  };
}
