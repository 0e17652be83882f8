import type { HostTensor } from "../reference/host-args.js";

/** The largest slope of both forms of GELU: an error of its input grows by at most this factor. */
export const steepestGelu = 1.13;

/**
 * The factor by which an error may exceed the bound, for roundings of the scales and of the result. Each is below
 * 3 · 10⁻⁵ of the bound, because every term is at most 255 steps of x, and the bound contains half a step for each.
 */
const roundings = 1.001;

interface Row {
  /** The largest distance between a value and its nearest step. */
  readonly halfStep: number;
  /** The sum of the magnitudes. */
  readonly sum: number;
}

/**
 * The largest difference that an 8-bit product x · weightᵀ may have from the exact one, for each element:
 * [rows, outputs].
 *
 * Row x is quantised to 255 steps from min(x, 0) to max(x, 0), and row w of the matrix to 127 steps from 0 to
 * max |w|, so that each value is within half a step: |x̂ − x| ≤ s/2 and |ŵ − w| ≤ t/2. With x̂ŵ − xw =
 * (x̂ − x)·ŵ + x·(ŵ − w) and |ŵ| ≤ |w| + t/2 the sum over K terms errs by at most
 *
 *     s/2 · (Σ|w| + K · t/2) + t/2 · Σ|x|
 *
 * The bound holds for every scheme that is at least as fine, for example one with blocks. It is 0 where a row is all
 * zero, since such results are exact.
 */
export function eightBitErrors(x: HostTensor, weight: HostTensor, slope: number): Float64Array {
  const cols = x.shape[1] ?? 0;
  const rows = rowsOf(x, cols, (min, max) => (max - min) / 255 / 2);
  const outputs = rowsOf(weight, cols, (min, max) => Math.max(-min, max) / 127 / 2);
  const errors = new Float64Array(rows.length * outputs.length);
  rows.forEach((left, i) => {
    outputs.forEach((right, j) => {
      const ofX = left.halfStep * (right.sum + cols * right.halfStep);
      errors[i * outputs.length + j] = slope * roundings * (ofX + right.halfStep * left.sum);
    });
  });
  return errors;
}

function rowsOf(
  { shape, data }: HostTensor,
  cols: number,
  halfStep: (min: number, max: number) => number,
): Row[] {
  return Array.from({ length: shape[0] ?? 0 }, (_, r) => {
    const row = data.subarray(r * cols, (r + 1) * cols);
    const min = row.reduce((least, value) => Math.min(least, value), 0);
    const max = row.reduce((most, value) => Math.max(most, value), 0);
    const sum = row.reduce((total, value) => total + Math.abs(value), 0);
    return { halfStep: halfStep(min, max), sum };
  });
}
