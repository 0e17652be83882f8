import type { CaseTable, OpCase } from "./case.js";
import { ids, normal, output } from "./draw.js";
import { ropeTables } from "./rope-tables.js";
import { roundoff } from "./tolerances.js";

export const apply_rope: CaseTable<"apply_rope"> = {
  tolerance: {
    rel: 4 * roundoff,
    reason: "two products and a sum, each rounded once or fused",
  },
  cases: [
    shaped({ rows: 1, heads: 1, headDim: 2 }),
    shaped({ rows: 7, heads: 3, headDim: 8 }),
    shaped({ rows: 9, heads: 2, headDim: 6, rest: 1 }),
    shaped({ rows: 65, heads: 2, headDim: 32, rest: 1 }),
    shaped({ rows: 5, heads: 2, headDim: 34, rest: 3 }),
    shaped({ rows: 0, heads: 2, headDim: 4 }),
    shaped({ rows: 128, heads: 24, headDim: 64, rest: 12 }),
  ],
};

interface Sizes {
  rows: number;
  heads: number;
  headDim: number;
  /** The number of heads after the rotated ones. */
  rest?: number;
}

function shaped({ rows, heads, headDim, rest = 0 }: Sizes): OpCase<"apply_rope"> {
  const positions = 71;
  const width = (heads + rest) * headDim;
  return {
    name: `${rows} rows, ${heads} of ${heads + rest} heads of ${headDim}`,
    args: (random) => ({
      x: normal(random, [rows, width]),
      ...ropeTables(positions, headDim),
      positionIds: ids(random, rows, positions),
      heads,
      headDim,
      out: output([rows, width]),
    }),
  };
}
