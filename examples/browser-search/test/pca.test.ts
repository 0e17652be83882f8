import { describe, expect, test } from "vitest";
import { fitProjection, project } from "../src/engine/pca.js";

/** Orthonormal directions in three dimensions. */
const directions = [
  [2 / 3, 2 / 3, 1 / 3],
  [-2 / 3, 1 / 3, 2 / 3],
  [1 / 3, -2 / 3, 2 / 3],
] as const;
const mean = [5, -3, 1];

/** Rows mean + Σ amount · direction. */
function rowsOf(amounts: readonly (readonly number[])[]): Float32Array {
  return Float32Array.from(
    amounts.flatMap((amount) =>
      mean.map((value, i) =>
        amount.reduce((sum, much, which) => sum + much * (directions[which]?.[i] ?? 0), value),
      ),
    ),
  );
}

/**
 * ± along each direction alone: the amounts are not correlated, so the directions are the principal
 * axes.
 */
const amounts = [
  [3, 0, 0],
  [-3, 0, 0],
  [0, 2, 0],
  [0, -2, 0],
  [0, 0, 0.5],
  [0, 0, -0.5],
];
const rows = rowsOf(amounts);

const along = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

describe("fitProjection", () => {
  test("finds the two axes of largest variance, in order, and the mean", () => {
    const { mean: found, axes } = fitProjection(rows, 3);
    mean.forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 5);
    });
    expect(Math.abs(along(axes[0], directions[0]))).toBeCloseTo(1, 6);
    expect(Math.abs(along(axes[1], directions[1]))).toBeCloseTo(1, 6);
  });

  test("projects rows to their amounts along the axes, up to the sign", () => {
    const projection = fitProjection(rows, 3);
    const points = project(rows, 3, 0, projection);
    amounts.forEach(([x = 0, y = 0], row) => {
      expect(Math.abs(points[row * 2] ?? Number.NaN)).toBeCloseTo(Math.abs(x), 3);
      expect(Math.abs(points[row * 2 + 1] ?? Number.NaN)).toBeCloseTo(Math.abs(y), 3);
    });
    expect(project(rows, 3, 4, projection)).toEqual(points.slice(8));
  });

  test("keeps the directions of an earlier fit", () => {
    const first = fitProjection(rows, 3);
    const turned = {
      mean: first.mean,
      axes: [first.axes[0].map((v) => -v), first.axes[1]] as const,
    };
    const second = fitProjection(rows, 3, turned);
    expect(along(second.axes[0], first.axes[0])).toBeCloseTo(-1, 6);
    expect(along(second.axes[1], first.axes[1])).toBeCloseTo(1, 6);
  });

  test("finds axes that an earlier fit did not have", () => {
    const alone = fitProjection(rowsOf([[1, 1, 1]]), 3);
    const { axes } = fitProjection(rows, 3, alone);
    expect(Math.abs(along(axes[0], directions[0]))).toBeCloseTo(1, 6);
    expect(Math.abs(along(axes[1], directions[1]))).toBeCloseTo(1, 6);
  });

  test.each([
    ["one row", [[1, 2, 3]], 0],
    [
      "equal rows",
      [
        [1, 2, 3],
        [1, 2, 3],
        [1, 2, 3],
      ],
      0,
    ],
    [
      "rows on a line",
      [
        [4, 0, 0],
        [-4, 0, 0],
        [1, 0, 0],
        [-1, 0, 0],
      ],
      4,
    ],
  ])("gives finite numbers for %s", (_, list, spread) => {
    const some = rowsOf(list);
    const points = project(some, 3, 0, fitProjection(some, 3));
    const xs = points.filter((_value, at) => at % 2 === 0);
    const ys = points.filter((_value, at) => at % 2 === 1);
    expect(Math.max(...xs.map(Math.abs))).toBeCloseTo(spread, 3);
    expect(Math.max(...ys.map(Math.abs))).toBeLessThan(1e-3);
  });
});
