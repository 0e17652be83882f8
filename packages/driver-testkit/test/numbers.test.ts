import { describe, expect, test } from "vitest";
import { erf, erfc } from "../src/numbers/erf.js";
import { bf16ToNumber, f16ToNumber, numberToBf16, numberToF16 } from "../src/numbers/half.js";

const relative = (got: number, want: number) => Math.abs(got / want - 1);

describe("erf", () => {
  test.each([
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [3, 0.9999779095030014],
  ])("erf(±%f) has its tabulated value", (x, want) => {
    expect(relative(erf(x), want)).toBeLessThan(2e-15);
    expect(relative(erf(-x), -want)).toBeLessThan(2e-15);
  });

  test.each([
    [2.5, 4.069520174449589e-4],
    [3, 2.209049699858544e-5],
    [5, 1.5374597944280349e-12],
    [10, 2.088487583762545e-45],
  ])("the tail erfc(%f) has its tabulated value", (x, want) => {
    expect(relative(erfc(x), want)).toBeLessThan(1e-13);
  });
});

describe("16-bit floats", () => {
  test("every pattern is unchanged after widening and narrowing", () => {
    for (let pattern = 0; pattern < 0x10000; pattern++) {
      const half = f16ToNumber(pattern);
      if (!Number.isNaN(half)) expect(numberToF16(half)).toBe(pattern);
      const brain = bf16ToNumber(pattern);
      if (!Number.isNaN(brain)) expect(numberToBf16(brain)).toBe(pattern);
    }
  });

  test("ties go to the even neighbour, overflow to infinity", () => {
    expect(f16ToNumber(numberToF16(2049))).toBe(2048);
    expect(f16ToNumber(numberToF16(2051))).toBe(2052);
    expect(f16ToNumber(numberToF16(2 ** -25))).toBe(0);
    expect(f16ToNumber(numberToF16(3 * 2 ** -25))).toBe(2 ** -23);
    expect(f16ToNumber(numberToF16(65519))).toBe(65504);
    expect(f16ToNumber(numberToF16(65520))).toBe(Number.POSITIVE_INFINITY);
    expect(bf16ToNumber(numberToBf16(257))).toBe(256);
    expect(bf16ToNumber(numberToBf16(259))).toBe(260);
  });
});
