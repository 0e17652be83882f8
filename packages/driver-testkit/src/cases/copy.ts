import type { DType } from "@ripvec/core/driver";
import type { Random } from "../numbers/random.js";
import type { CaseTable } from "./case.js";
import { given } from "./draw.js";
import { exact } from "./tolerances.js";

const dtypes: readonly DType[] = ["f32", "f16", "bf16", "i8", "i32"];
const sizes = [0, 1, 7, 64, 65, 4099];

export const copy: CaseTable<"copy"> = {
  tolerance: exact,
  cases: [
    ...dtypes.flatMap((dtype) =>
      sizes.map((size) => ({
        name: `${size} of ${dtype}`,
        args: (random: Random) => {
          const values = random.integers(size, 200).map((value) => value - 100);
          const x = { shape: [size], values, dtype };
          return { x, out: { shape: [1, size], dtype } };
        },
      })),
    ),
    {
      name: "NaN, Inf and −0 of f32",
      args: () => {
        const odd = [
          Number.NaN,
          Number.POSITIVE_INFINITY,
          Number.NEGATIVE_INFINITY,
          -0,
          3e38,
          1e-44,
        ];
        const dtype: DType = "f32";
        return { x: { ...given([6], odd), dtype }, out: { shape: [6], dtype } };
      },
    },
  ],
};
