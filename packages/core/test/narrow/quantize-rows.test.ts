import { quantizeRows } from "@ripvec/core/driver";
import { expect, test } from "vitest";

/** Known values of the rule, worked out by hand: steps of 2⁻⁷ where the largest weight is 127 / 128. */
test("each row has a scale of its own, and ties go to the even step", () => {
  const step = 2 ** -7;
  const rows = [
    [127, -127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5].map((steps) => steps * step),
    [12.7, 0.1, -0.1, 0, -12.7, 6.35, 0.04, -0.06],
  ];
  const { values, scales } = quantizeRows(Float32Array.from(rows.flat()), 2);
  expect([...values.subarray(0, 8)]).toEqual([127, -127, 0, 2, 2, 0, -2, -2]);
  expect([...values.subarray(8, 16).filter((_, i) => i !== 5)]).toEqual([
    127, 1, -1, 0, -127, 0, -1,
  ]);
  expect(scales[0]).toBe(step);
  expect(scales[1]).toBeCloseTo(0.1, 7);
});

test("a row of zeros has the smallest normal scale, and subnormals become zeros or steps of it", () => {
  const { values, scales } = quantizeRows(Float32Array.of(0, -0, 0, 2 ** -140, 2 ** -126, 0), 3);
  expect([...scales]).toEqual([2 ** -126, 2 ** -126, 2 ** -126]);
  expect([...values]).toEqual([0, 0, 0, 0, 1, 0]);
});

test("the largest floats keep their steps, whatever their sign", () => {
  const most = Math.fround(3.4028234663852886e38);
  const { values } = quantizeRows(Float32Array.of(most, -most, most / 2, 0), 1);
  expect([values[0], values[1], values[3]]).toEqual([127, -127, 0]);
  expect([63, 64]).toContain(values[2]);
});

test("there may be no rows and no columns", () => {
  expect(quantizeRows(new Float32Array(0), 0).values).toHaveLength(0);
  expect([...quantizeRows(new Float32Array(0), 3).scales]).toEqual(Array(3).fill(2 ** -126));
});
