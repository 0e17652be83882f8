import { toF32 } from "@ripvec/core/arch";
import { type WeightView, weightView } from "@ripvec/core/driver";
import { type EightBitRows, eightBitRows, widened } from "../../src/numbers/kept-weights.js";
import { roundTo } from "../../src/numbers/round-to.js";
import { type KeptRole, keptRoles } from "../../src/suites/suite.js";
import { floatWeight, type Mutant, wrongWeights } from "./mutant.js";

const fromFloats = (role: KeptRole): string =>
  `weights: a ${role} has the bits of one quantised from floats, i8 weights`;
const fromView = (role: KeptRole): string =>
  `weights: a ${role} keeps the values and scales of its view, i8 weights`;
const inParts = (role: KeptRole): string =>
  `weights: stacked and cut views of a ${role} keep their scales, i8 weights`;
const lookup = "op embedding_lookup, i8 weights";
const sum = "op add_embeddings, i8 weights";

/** Mistakes in reading tables of 8 bits and in keeping views of 8 bits. */
export const eightBitRowMutants: readonly Mutant[] = [
  wrongRows("each row of a table with the scale of the row before", "table", lookup, (rows) => ({
    ...rows,
    scales: rows.scales.map((_, r, all) => all.at(r - 1) ?? 0),
  })),
  wrongRows("a table without its scales", "table", lookup, (rows) => ({
    ...rows,
    scales: rows.scales.map(() => 1),
  })),
  wrongRows("the largest step of a table wraps around", "table", lookup, (rows) => ({
    ...rows,
    values: rows.values.map((value) => (value === 127 ? -128 : value)),
  })),
  wrongRows("a table quantised by division", "table", lookup, byDivision),
  wrongRows("a matrix quantised by division", "matrix", fromFloats("matrix"), byDivision),
  wrongRows("halves of a step rounded away from zero", "table", lookup, (rows, view) =>
    requantised(rows, view, (weight, scale) => {
      const steps = Math.fround(weight * Math.fround(1 / scale));
      return Math.sign(steps) * Math.floor(Math.abs(steps) + 0.5);
    }),
  ),
  wrongRows("tiny rows with scales below the smallest", "table", lookup, (rows, view) => {
    const scales = scalesOf(view);
    return requantised({ ...rows, scales }, view, (weight, scale) => Math.round(weight / scale));
  }),
  ...[lookup, sum].map((caughtBy) =>
    wrongWeights(`8-bit rows rounded to f16, ${caughtBy}`, caughtBy, (given, right) => {
      if (given.role !== "table" || given.dtype !== "i8") return right();
      return floatWeight(widened(eightBitRows(given.view)).map((value) => roundTo("f16", value)));
    }),
  ),
  ...keptRoles.flatMap((role) => [
    wrongRows(`a ${role} of 8 bits quantised again`, role, fromView(role), (rows, view) => {
      if (view.dtype !== "i8") return rows;
      return eightBitRows(weightView(view.name, view.shape, widened(rows)));
    }),
    wrongRows(`−128 in a ${role} taken for −127`, role, fromView(role), (rows) => ({
      ...rows,
      values: rows.values.map((value) => Math.max(-127, value)),
    })),
    wrongRows(
      `stacked rows of a ${role} with the first part's scales`,
      role,
      inParts(role),
      (rows, { dtype }) => ({
        ...rows,
        scales: rows.scales.map((scale, r, all) => (dtype === "i8" ? (all[r % 5] ?? 0) : scale)),
      }),
    ),
  ]),
];

type Change = (rows: EightBitRows, view: WeightView) => EightBitRows;

function wrongRows(name: string, role: KeptRole, caughtBy: string, change: Change): Mutant {
  return wrongWeights(name, caughtBy, (given, right) => {
    if (given.role !== role || given.dtype !== "i8") return right();
    const eightBit = change(eightBitRows(given.view), given.view);
    return role === "matrix" ? { ...right(), eightBit } : floatWeight(widened(eightBit));
  });
}

function byDivision(rows: EightBitRows, view: WeightView): EightBitRows {
  return requantised(rows, view, (weight, scale) => Math.round(weight / scale));
}

/** Quantises floats with the same scales, but in other steps. */
function requantised(
  { values, scales }: EightBitRows,
  view: WeightView,
  stepsOf: (weight: number, scale: number) => number,
): EightBitRows {
  if (view.dtype === "i8") return { values, scales };
  const cols = view.shape[1] ?? 0;
  const steps = Int8Array.from(toF32(view), (weight, i) => {
    const scale = scales[Math.floor(i / cols)] ?? 0;
    return scale === 0 ? 0 : Math.max(-127, Math.min(127, stepsOf(weight, scale)));
  });
  return { values: steps, scales };
}

/** The largest magnitude of each row divided by 127, however small it is. */
function scalesOf(view: WeightView): Float32Array {
  const [rows = 0, cols = 0] = view.shape;
  const weights = toF32(view);
  return Float32Array.from({ length: rows }, (_, r) => {
    const row = weights.subarray(r * cols, (r + 1) * cols);
    return row.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0) / 127;
  });
}
