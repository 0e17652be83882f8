import type { CaseTable } from "./case.js";
import { given, output } from "./draw.js";
import { poolingCases } from "./pooling.js";
import { exact } from "./tolerances.js";

export const max_pool: CaseTable<"max_pool"> = {
  tolerance: exact,
  cases: [
    ...poolingCases(() => exact),
    {
      name: "nothing above 0, and a sequence without tokens",
      args: () => ({
        x: given([4, 2], [-1, -4, -3, -2, -0.5, -3e4, -8, -3e4]),
        layout: [2, 0, 2],
        out: output([3, 2]),
      }),
    },
  ],
};
