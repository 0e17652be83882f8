import type { WeightDType } from "@ripvec/core";
import type { Random } from "../numbers/random.js";
import type { CaseTensor, OpCase, Tolerance } from "./case.js";
import { given, normal, output, poke } from "./draw.js";
import { halfValues } from "./half-weights.js";
import { roundoff } from "./tolerances.js";

/** Rows of a table that has its own dtype. Used for both `embedding_lookup` and `add_embeddings`. */
export interface KeptTable {
  readonly name: string;
  table(random: Random): CaseTensor;
  /** Default: the first and the last row twice, and then every row. */
  readonly ids?: readonly number[];
}

const widths = [1, 3, 5, 31, 33, 64, 385];

/** One case for each of these widths, with 1 to 20 rows. */
export const oddTables: readonly KeptTable[] = [
  ...widths.map((cols, i) => ({
    name: `rows of ${cols}`,
    table: (random: Random) => normal(random, [1 + ((i * 7) % 20), cols], 0.05),
  })),
  { name: "no rows asked for", table: (random) => normal(random, [4, 7]), ids: [] },
  { name: "one row, 70 times", table: (random) => normal(random, [9, 33]), ids: Array(70).fill(8) },
];

/** Cases for mistakes with each dtype, read row by row. */
export const keptTables: Readonly<Record<Exclude<WeightDType, "f32">, readonly KeptTable[]>> = {
  f16: [{ name: "ties, subnormals and the largest", table: () => bothSigns(halfValues.f16) }],
  bf16: [{ name: "ties, tiny and large values", table: () => bothSigns(halfValues.bf16) }],
  i8: [
    {
      name: "rows of zeros, tiny and huge rows beside each other",
      table: (random) => scaledRows(random, 35, [1, 0, 1e-30, 3e37, 1e-40, 1e-37, 2 ** -126, 1]),
    },
    {
      name: "a value 1000 times the others in some rows",
      table: (random) =>
        poke(normal(random, [9, 33], 0.05), { 5: 50, [3 * 33]: -50, [8 * 33 + 32]: 50 }),
    },
    { name: "halves of a step", table: () => bothSigns(halves) },
    { name: "values around the middle between two steps", table: aroundHalves },
  ],
};

/** Where the largest value is 127 steps of 2⁻⁷, ties are exact. */
const halves = [127, 0.5, 1.5, 2.5, 63.5, 64.5, 125.5, 126.5, 0].map((steps) => steps * 2 ** -7);

function bothSigns(values: readonly number[]): CaseTensor {
  return given([2, values.length], [...values, ...values.map((value) => -value)]);
}

function scaledRows(random: Random, cols: number, factors: readonly number[]): CaseTensor {
  const tensor = normal(random, [factors.length, cols]);
  const values = Float32Array.from(tensor.values ?? [], (value, i) => {
    return value * (factors[Math.floor(i / cols)] ?? 0);
  });
  return { ...tensor, values };
}

/** Values for which a rule with one rounding more or less than the contract's gives another result. */
function aroundHalves(random: Random): CaseTensor {
  const [rows, cols] = [24, 129];
  const values = Array.from({ length: rows }, () => {
    const largest = Math.fround(0.01 + random.uniform());
    const scale = Math.fround(largest / 127);
    const around = Array.from({ length: cols - 1 }, () => {
      const middle = (random.integer(252) - 126 + 0.5) * scale;
      return middle * (1 + (random.integer(3) - 1) * 2 ** -23);
    });
    return [largest, ...around];
  });
  return given([rows, cols], values.flat());
}

/** A driver may multiply by the scale and add in one step, without rounding the product. */
const addedAtOnce: Tolerance = {
  rel: 2.02 * roundoff,
  reason: "a product in f32 and an addition, rounded once or twice",
};

const lookedUp: Tolerance = { rel: 0, reason: "the row as it is kept, widened exactly" };

export function lookupCase(kept: KeptTable): OpCase<"embedding_lookup"> {
  return {
    name: kept.name,
    args(random) {
      const table = kept.table(random);
      const ids = idsOf(kept, table);
      return { table, ids, out: output([ids.shape[0] ?? 0, table.shape[1] ?? 0]) };
    },
    tolerance: lookedUp,
  };
}

export function addCase(kept: KeptTable): OpCase<"add_embeddings"> {
  return {
    name: kept.name,
    args(random) {
      const table = kept.table(random);
      const ids = idsOf(kept, table);
      const shape = [ids.shape[0] ?? 0, table.shape[1] ?? 0];
      return { x: normal(random, shape), table, ids, out: output(shape) };
    },
    tolerance: addedAtOnce,
  };
}

function idsOf({ ids }: KeptTable, { shape }: CaseTensor): CaseTensor {
  const [rows = 0] = shape;
  const every = Array.from({ length: rows }, (_, row) => row);
  const values = ids ?? [0, rows - 1, rows - 1, 0, ...every];
  return { shape: [values.length], values: Int32Array.from(values) };
}
