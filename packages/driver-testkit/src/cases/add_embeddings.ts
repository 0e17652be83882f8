import type { CaseTable, OpCase } from "./case.js";
import { ids, nearlyBeyondF16, normal, output, poke } from "./draw.js";
import { rowShapes } from "./shapes.js";
import { oneRounding } from "./tolerances.js";

export const add_embeddings: CaseTable<"add_embeddings"> = {
  tolerance: oneRounding,
  cases: [
    ...rowShapes.map(([rows, cols], i) => shaped(rows, cols, [1, 2, 97][i % 3] ?? 1)),
    shaped(257, 384, 1000),
    {
      name: "NaN and Inf stay in their rows",
      args: (random) => ({
        x: normal(random, [6, 4]),
        table: poke(normal(random, [5, 4]), { 4: Number.NaN, 14: Number.POSITIVE_INFINITY }),
        ids: { shape: [6], values: Int32Array.of(4, 1, 0, 3, 1, 2) },
        out: output([6, 4]),
      }),
    },
    {
      name: "sums beyond f16",
      args: () => {
        const [x, table] = nearlyBeyondF16([1, 5]);
        return { x, table, ids: { shape: [1], values: Int32Array.of(0) }, out: output([1, 5]) };
      },
    },
  ],
};

function shaped(rows: number, cols: number, vocab: number): OpCase<"add_embeddings"> {
  return {
    name: `${rows} of ${vocab} rows of ${cols}`,
    args: (random) => ({
      x: normal(random, [rows, cols]),
      table: normal(random, [vocab, cols]),
      ids: ids(random, rows, vocab),
      out: output([rows, cols]),
    }),
  };
}
