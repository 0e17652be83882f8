import type { CaseTable, OpCase } from "./case.js";
import { given, normal, output } from "./draw.js";
import { bandShapes } from "./shapes.js";
import { sums } from "./tolerances.js";

export const banded_qk: CaseTable<"banded_qk"> = {
  tolerance: sums(0),
  cases: [
    ...bandShapes.map(shaped),
    {
      name: "scores beyond f16",
      args: () => ({
        q: given([1, 1, 2, 1], [300, 1]),
        k: given([1, 1, 2, 1], [-300, 1]),
        window: 2,
        out: output([1, 1, 2, 3]),
      }),
      tolerance: sums(1),
    },
  ],
};

function shaped([
  batch,
  heads,
  seqLen,
  headDim,
  window,
]: (typeof bandShapes)[number]): OpCase<"banded_qk"> {
  return {
    name: `${batch} × ${heads} × ${seqLen} × ${headDim}, window ${window}`,
    args: (random) => ({
      q: normal(random, [batch, heads, seqLen, headDim]),
      k: normal(random, [batch, heads, seqLen, headDim]),
      window,
      out: output([batch, heads, seqLen, window + 1]),
    }),
    tolerance: sums(headDim),
  };
}
