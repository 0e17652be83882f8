import type { CaseTensor } from "./case.js";
import { normal, poke } from "./draw.js";
import type { Product } from "./weight-products.js";

/** A tensor whose elements are a function of row and column. */
function table(
  rows: number,
  cols: number,
  value: (row: number, col: number) => number,
): CaseTensor {
  const values = new Float32Array(rows * cols);
  for (let i = 0; i < values.length; i++) values[i] = value(Math.floor(i / cols), i % cols);
  return { shape: [rows, cols], values };
}

/** Multiplies each row by its own factor. */
function scaled(tensor: CaseTensor, factor: (row: number) => number): CaseTensor {
  const cols = tensor.shape[1] ?? 0;
  const values = Float32Array.from(tensor.values ?? [], (value, i) => {
    return value * factor(Math.floor(i / cols));
  });
  return { ...tensor, values };
}

const alternating = (index: number): number => (index % 2 === 0 ? 1 : -1);
const k = 385;

/** Cases for mistakes with 8 bits: sums that overflow, zero points, scales, outliers, empty ranges. */
export const eightBitProducts: readonly Product[] = [
  {
    name: "every value at its largest, 1536 times",
    operands: () => ({
      x: table(
        6,
        1536,
        (r, c) => [1, -1, alternating(c), c < 768 ? 1 : -1, c % 4 < 2 ? 1 : 0][r % 5] ?? 0,
      ),
      weight: table(
        18,
        1536,
        (r, c) => [0.5, -0.5, alternating(c) / 2, c % 4 < 2 ? 0.5 : -0.5][r % 4] ?? 0,
      ),
    }),
  },
  {
    name: "values and weights that are all on one side",
    operands: (random) => ({
      x: table(7, k, (r) => (5 + random.uniform()) * alternating(r)),
      weight: table(19, k, (r) => (0.1 + random.uniform()) * alternating(r)),
    }),
  },
  {
    name: "rows of zeros, and constant rows",
    operands: (random) => ({
      x: scaled(
        table(9, k, (r) => (r % 3 === 0 ? random.normal() : 1)),
        (r) => [1, 3, -2, 0, 0, 1e-3][r % 6] ?? 0,
      ),
      weight: scaled(
        table(20, k, (r) => (r % 3 === 0 ? random.normal() : 1)),
        (r) => [0.1, 0, -0.2, 0, 0.3, 0][r % 6] ?? 0,
      ),
    }),
  },
  {
    name: "rows of tiny values between others",
    operands: (random) => ({
      x: scaled(normal(random, [8, k]), (r) => [1, 1e-30, 1, 1e-40][r % 4] ?? 0),
      weight: normal(random, [17, k], 0.05),
    }),
  },
  {
    name: "rows of tiny weights between others",
    operands: (random) => ({
      x: normal(random, [5, k]),
      weight: scaled(normal(random, [19, k]), (r) => [1, 1e-30, 1, 1e-40][r % 4] ?? 0),
    }),
  },
  {
    name: "rows of large values between others",
    operands: (random) => ({
      x: scaled(normal(random, [8, k]), (r) => [1, 1e18, 1e-3][r % 3] ?? 0),
      weight: scaled(normal(random, [17, k]), (r) => [1, 1e15, 1e-6][r % 3] ?? 0),
    }),
  },
  {
    name: "a value 1000 times the others in every third row",
    operands: (random) => ({
      x: poke(normal(random, [13, k]), {
        7: 1000,
        [3 * k + 100]: -1000,
        [6 * k + 384]: 1000,
        [9 * k]: 1000,
      }),
      weight: normal(random, [33, k], 0.05),
    }),
  },
  {
    name: "a weight 1000 times the others in some rows",
    operands: (random) => ({
      x: normal(random, [6, k]),
      weight: poke(normal(random, [33, k], 0.05), {
        [k + 5]: 50,
        [16 * k]: -50,
        [32 * k + 384]: 50,
      }),
    }),
  },
  {
    name: "values just below the next step",
    operands: () => ({
      x: table(5, k, (r, c) => (c === 2 ? 255 : 0.9 + (c % 2)) * 2 ** -r),
      weight: table(17, k, (r) => 127 * 2 ** (-4 - (r % 3))),
    }),
  },
  {
    name: "weights just below the next step",
    operands: () => ({
      x: table(5, k, (r) => 2 ** -r),
      weight: table(17, k, (r, c) => (c === 2 ? 127 : 0.9 + (c % 2)) * 2 ** -(r % 3)),
    }),
  },
  {
    name: "NaN and Inf stay in their rows",
    operands: (random) => ({
      x: poke(normal(random, [9, k]), {
        [k + 3]: Number.NaN,
        [4 * k]: Number.POSITIVE_INFINITY,
        [6 * k + 384]: Number.NEGATIVE_INFINITY,
      }),
      weight: normal(random, [33, k], 0.05),
    }),
  },
];
