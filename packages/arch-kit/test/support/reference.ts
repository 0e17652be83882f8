import type { Tensors } from "./checkpoint.js";

/** Rows of f64 numbers. */
export type Rows = number[][];

export const rowsOf = (tensors: Tensors, name: string): Rows => {
  const tensor = tensors.get(name);
  if (!tensor) throw new Error(`reference: no tensor ${name}`);
  const [rows = 0, cols = 0] = tensor.shape;
  return Array.from({ length: rows }, (_, r) => [...tensor.data.slice(r * cols, (r + 1) * cols)]);
};

export const vectorOf = (tensors: Tensors, name: string): number[] => {
  const tensor = tensors.get(name);
  if (!tensor) throw new Error(`reference: no tensor ${name}`);
  return [...tensor.data];
};

export const at = <T>(list: ArrayLike<T>, index: number): T => {
  const value = list[index];
  if (value === undefined) throw new RangeError(`reference: nothing at ${index}`);
  return value;
};

export const dot = (a: number[], b: number[]): number =>
  a.reduce((sum, x, i) => sum + x * at(b, i), 0);
export const add = (a: number[], b: number[]): number[] => a.map((x, i) => x + at(b, i));

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

export const geluForms = {
  erf: (x: number): number => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  tanh: (x: number): number =>
    0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};

/** Attention of one text. Key j is visible to query i where |i − j| ≤ window / 2. */
export function attend(
  q: Rows,
  k: Rows,
  v: Rows,
  heads: number,
  window: number = Number.POSITIVE_INFINITY,
): Rows {
  const width = at(q, 0).length;
  const dim = width / heads;
  return q.map((query, i) =>
    Array.from({ length: heads }, (_, h) => {
      const part = (row: number[]) => row.slice(h * dim, (h + 1) * dim);
      const scores = k.map((key, j) =>
        Math.abs(i - j) <= window / 2
          ? dot(part(query), part(key)) / Math.sqrt(dim)
          : Number.NEGATIVE_INFINITY,
      );
      const largest = Math.max(...scores);
      const weights = scores.map((score) => Math.exp(score - largest));
      const total = weights.reduce((sum, w) => sum + w, 0);
      return Array.from({ length: dim }, (_, d) =>
        v.reduce((sum, row, t) => sum + (at(weights, t) / total) * at(row, h * dim + d), 0),
      );
    }).flat(),
  );
}

export function pool(hidden: Rows, mode: "cls" | "mean" | "last"): number[] {
  if (mode === "cls") return at(hidden, 0);
  if (mode === "last") return at(hidden, hidden.length - 1);
  return at(hidden, 0).map(
    (_, c) => hidden.reduce((sum, row) => sum + at(row, c), 0) / hidden.length,
  );
}

export function dense(x: number[], tensors: Tensors, activation: (x: number) => number): number[] {
  const bias = tensors.has("linear.bias") ? vectorOf(tensors, "linear.bias") : undefined;
  return rowsOf(tensors, "linear.weight").map((row, i) =>
    activation(dot(row, x) + (bias ? at(bias, i) : 0)),
  );
}

export function unit(x: number[]): number[] {
  const length = Math.sqrt(dot(x, x));
  return x.map((v) => v / length);
}
