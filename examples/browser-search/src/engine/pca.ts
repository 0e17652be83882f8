/** The two directions of largest variance, and the mean that they start from. All are [dim]. */
export interface Projection {
  readonly mean: Float64Array;
  readonly axes: readonly [Float64Array, Float64Array];
}

/** Maximum number of rows from which the axes are computed; of more rows, every n-th is used. */
const maxRows = 1500;
const maxRounds = 60;
/** The search ends when no component of an axis changes by more than this. */
const settled = 1e-4;

/**
 * Principal axes of rows [count, dim] by power iteration on both at once, without forming the
 * covariance: axes ← orthonormal(Xᵀ X axes), X centred. Starting from the axes of an earlier fit
 * makes it short, and prevents the map from flipping. An axis is zero when there is no variance in
 * its direction.
 */
export function fitProjection(rows: Float32Array, dim: number, start?: Projection): Projection {
  const centred = centre(rows, dim);
  let axes = startAxes(dim, start?.axes);
  for (let round = 0; round < maxRounds; round++) {
    const next = orthonormal(axes.map((axis) => multiply(centred.rows, dim, axis)));
    const change = largestChange(axes, next);
    axes = next;
    if (change < settled) break;
  }
  return { mean: centred.mean, axes: sorted(centred.rows, dim, axes) };
}

/** Coordinates of the rows from `first` on along both axes: x, y, x, y … */
export function project(
  rows: Float32Array,
  dim: number,
  first: number,
  { mean, axes }: Projection,
): Float32Array {
  const count = rows.length / dim;
  const points = new Float32Array((count - first) * 2);
  for (let row = first; row < count; row++) {
    axes.forEach((axis, which) => {
      let sum = 0;
      for (let i = 0; i < dim; i++) {
        sum += ((rows[row * dim + i] ?? 0) - (mean[i] ?? 0)) * (axis[i] ?? 0);
      }
      points[(row - first) * 2 + which] = sum;
    });
  }
  return points;
}

type Axes = readonly [Float64Array, Float64Array];

function centre(all: Float32Array, dim: number): { rows: Float64Array; mean: Float64Array } {
  const step = Math.max(1, Math.ceil(all.length / dim / maxRows));
  const count = Math.ceil(all.length / dim / step);
  const rows = new Float64Array(count * dim);
  const mean = new Float64Array(dim);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < dim; i++) {
      const value = all[row * step * dim + i] ?? 0;
      rows[row * dim + i] = value;
      mean[i] = (mean[i] ?? 0) + value / count;
    }
  }
  for (let at = 0; at < rows.length; at++) rows[at] = (rows[at] ?? 0) - (mean[at % dim] ?? 0);
  return { rows, mean };
}

/** Xᵀ X axis */
function multiply(rows: Float64Array, dim: number, axis: Float64Array): Float64Array {
  const result = new Float64Array(dim);
  for (let at = 0; at < rows.length; at += dim) {
    let sum = 0;
    for (let i = 0; i < dim; i++) sum += (rows[at + i] ?? 0) * (axis[i] ?? 0);
    for (let i = 0; i < dim; i++) result[i] = (result[i] ?? 0) + sum * (rows[at + i] ?? 0);
  }
  return result;
}

/** Gram–Schmidt. The rest of a direction that comes from rounding alone counts as zero. */
function orthonormal([a = new Float64Array(), b = new Float64Array()]: Float64Array[]): Axes {
  const first = unit(a, 0);
  const shared = dot(b, first);
  const rest = b.map((value, i) => value - shared * (first[i] ?? 0));
  return [first, unit(rest, 1e-9 * Math.sqrt(dot(b, b)))];
}

function unit(vector: Float64Array, minLength: number): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return length > minLength
    ? vector.map((value) => value / length)
    : new Float64Array(vector.length);
}

/**
 * Rotates the axes in their plane: the direction of largest variance comes first (Rayleigh–Ritz on
 * 2 × 2).
 */
function sorted(rows: Float64Array, dim: number, [a, b]: Axes): Axes {
  const [ya, yb] = [multiply(rows, dim, a), multiply(rows, dim, b)];
  const angle = Math.atan2(2 * dot(a, yb), dot(a, ya) - dot(b, yb)) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turned = (p: number, q: number) => a.map((value, i) => p * value + q * (b[i] ?? 0));
  return [turned(cos, sin), turned(-sin, cos)];
}

function largestChange(before: Axes, after: Axes): number {
  let largest = 0;
  after.forEach((axis, which) => {
    const sign = Math.sign(dot(axis, before[which as 0 | 1])) || 1;
    axis.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - sign * (before[which as 0 | 1][i] ?? 0)));
    });
  });
  return largest;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/**
 * The given axes. A missing or zero axis is replaced by a fixed one that is not parallel to an axis
 * of any data.
 */
function startAxes(dim: number, [a, b]: Axes | [] = []): Axes {
  const usable = (axis: Float64Array | undefined, by: number) =>
    axis && dot(axis, axis) > 0
      ? axis
      : Float64Array.from({ length: dim }, (_, i) => Math.sin(by * (i + 1)));
  return [usable(a, 1.7), usable(b, 2.9)];
}
