import type { Driver } from "@ripvec/core";
import { type Ops, type Tensor, weightView } from "@ripvec/core/driver";
import { Random } from "../numbers/random.js";
import type { LargestError } from "../run/check-region.js";
import { expectThat } from "../run/conformance-error.js";

/**
 * The largest allowed noise on normal data, relative to that of exact rounding. 64 × 96 results scatter by 3 %. One bit
 * less in x or in the weights gives 2.5, and so does rounding toward zero.
 */
const mostNoise = 1.3;

const shapes: readonly (readonly [rows: number, outputs: number, inputs: number])[] = [
  [64, 96, 384],
  [64, 96, 1536],
];

/**
 * Compares the mean square error on normal data with that of rounding to the nearest step, whose error is uniform within
 * half a step to either side and has the variance step² / 12. `error` is the root mean square of the error, divided by
 * that of the result.
 */
export async function eightBitNoise(driver: Driver, op: "linear" | "gemm"): Promise<LargestError> {
  let largest = 0;
  let noise = 0;
  for (const [rows, outputs, inputs] of shapes) {
    const random = new Random(`noise ${inputs}`);
    const x = random.normals(rows * inputs);
    const weights = random.normals(outputs * inputs, 0.05);
    const view = weightView("noise", [outputs, inputs], weights);
    const weight = driver.createTensor(view, "matrix", { dtype: "i8" });
    const got = await driver.run((ops) => product(ops, op, x, weight, rows));
    const figures = compare(got, x, weights, inputs);
    const ratio = figures.error / figures.expected;
    expectThat(ratio <= mostNoise, () => {
      const size = `${rows} × ${outputs} × ${inputs}`;
      return `${op} (i8 weights) / normal data, ${size}: mean square error ${ratio} times that of rounding, allowed ${mostNoise}`;
    });
    largest = Math.max(largest, Math.sqrt(figures.error / figures.signal));
    noise = Math.max(noise, ratio);
  }
  return { error: largest, partOfTolerance: noise / mostNoise };
}

function product(
  ops: Ops,
  op: "linear" | "gemm",
  values: Float32Array,
  weight: Tensor,
  rows: number,
): Tensor<"f32"> {
  const [outputs = 0, inputs = 0] = weight.shape;
  const x = ops.input(values, [rows, inputs]);
  const out = ops.alloc("f32", [rows, outputs]);
  if (op === "linear") ops.linear({ x, weight, out });
  else ops.gemm({ a: x, b: weight, transposeB: true, out });
  return out;
}

/** Sums of squares over all elements: of the error, of the expected error, and of the result. */
function compare(
  got: Float32Array,
  x: Float32Array,
  weights: Float32Array,
  inputs: number,
): { error: number; expected: number; signal: number } {
  const left = rowsOf(x, inputs, (min, max) => (max - min) / 255);
  const right = rowsOf(weights, inputs, (min, max) => Math.max(-min, max) / 127);
  const sums = { error: 0, expected: 0, signal: 0 };
  left.forEach((a, i) => {
    right.forEach((b, j) => {
      const want = a.row.reduce((sum, value, k) => sum + value * (b.row[k] ?? 0), 0);
      const difference = (got[i * right.length + j] ?? Number.NaN) - want;
      sums.error += difference * difference;
      sums.expected += (a.step ** 2 * b.squares + b.step ** 2 * a.squares) / 12;
      sums.signal += want * want;
    });
  });
  return sums;
}

function rowsOf(
  values: Float32Array,
  cols: number,
  stepOf: (min: number, max: number) => number,
): { row: Float32Array; step: number; squares: number }[] {
  return Array.from({ length: values.length / cols }, (_, r) => {
    const row = values.subarray(r * cols, (r + 1) * cols);
    const step = stepOf(Math.min(0, ...row), Math.max(0, ...row));
    const squares = row.reduce((sum, value) => sum + value * value, 0);
    return { row, step, squares };
  });
}
