import type { Rows } from "@ripvec/driver-testkit";

export type Vector = readonly number[];

/** The element at an index. Throws RangeError where there is none, so that a mistake does not become NaN. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`there is nothing at ${index}`);
  return value;
}

export const add = (a: Vector, b: Vector): Vector => a.map((value, i) => value + at(b, i));

export const dot = (a: Vector, b: Vector): number =>
  a.reduce((sum, value, i) => sum + value * at(b, i), 0);

/** W · x */
export const multiply = (matrix: Rows, x: Vector): Vector => matrix.map((row) => dot(row, x));

/** (x − mean) / √(variance + eps) · weight */
export function norm(x: Vector, weight: Vector, eps: number): Vector {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return x.map((value, i) => ((value - mean) / Math.sqrt(variance + eps)) * at(weight, i));
}

/** x · Φ(x), where Φ is the distribution function of the normal distribution. */
export const gelu = (x: number): number => 0.5 * x * (1 + erf(x / Math.SQRT2));

/** erf as its Maclaurin series; beyond 5 it is 1 to 1e-12. */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** Attention of one text, head by head. Key j is visible to query i where |i − j| ≤ window / 2. */
export function attend(
  q: Rows,
  k: Rows,
  v: Rows,
  heads: number,
  window: number = Number.POSITIVE_INFINITY,
): number[][] {
  const dim = at(q, 0).length / heads;
  return q.map((query, i) =>
    Array.from({ length: heads }, (_, h) => {
      const part = (row: Vector) => row.slice(h * dim, (h + 1) * dim);
      const scores = k.map((key, j) =>
        Math.abs(i - j) <= window / 2
          ? dot(part(query), part(key)) / Math.sqrt(dim)
          : Number.NEGATIVE_INFINITY,
      );
      const probabilities = softmax(scores);
      return Array.from({ length: dim }, (_, d) =>
        v.reduce((sum, row, t) => sum + at(probabilities, t) * at(row, h * dim + d), 0),
      );
    }).flat(),
  );
}

function softmax(scores: Vector): Vector {
  const largest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
