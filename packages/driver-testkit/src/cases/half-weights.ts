import { given } from "./draw.js";
import type { Product } from "./weight-products.js";

/** Units in the last place of 1 in f16 and bf16. */
const [f16Unit, bf16Unit] = [2 ** -10, 2 ** -7];
/** The smallest f16 above 0. */
const smallestF16 = 2 ** -24;

const f16Values: readonly number[] = [
  ...around(f16Unit),
  ...[2049, 2050, 2051, 4098, 4102, 65504, 65519],
  ...[0.49, 0.5, 0.51, 1, 1.5, 2.5, 3, 511.5, 1022.5, 1023, 1023.5, 1024, 1024.5, 1025].map(
    (units) => units * smallestF16,
  ),
  ...[1e-6, 5e-5, 6.1e-5, 1e-10],
];

const bf16Values: readonly number[] = [
  ...around(bf16Unit),
  ...[257, 258, 259, 65504, 65536, 1e-20, 1e-36, 1e-39, 1e30, 3.39e38],
];

/** Numbers around 1: midway between two neighbours, and slightly to either side. */
function around(unit: number): number[] {
  const steps = [0.5, 1.5, 2.5, 3.5, 4.5].map((steps) => 1 + steps * unit);
  return steps.flatMap((value) => [value * (1 - 2 ** -20), value, value * (1 + 2 ** -20)]);
}

/** Values whose rounding differs between rounding modes. */
export const halfValues: Readonly<Record<"f16" | "bf16", readonly number[]>> = {
  f16: f16Values,
  bf16: bf16Values,
};

/** Reads the rounded values with rows of the identity. */
export const halfProducts: Readonly<Record<"f16" | "bf16", readonly Product[]>> = {
  f16: [readOut("ties, subnormals and the largest", f16Values)],
  bf16: [readOut("ties, tiny and large values", bf16Values)],
};

function readOut(name: string, values: readonly number[]): Product {
  const k = values.length;
  return {
    name,
    operands: () => ({
      x: given(
        [k, k],
        Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0)),
      ),
      weight: given([2, k], [...values, ...values.map((value) => -value)]),
    }),
  };
}
