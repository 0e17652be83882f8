import { expect, test } from "vitest";
import { toHalves } from "../src/onnx/halves.js";

test.each([
  [1, 0x3c00, "exact"],
  [-2, 0xc000, "exact, negative"],
  [0.1, 0x2e66, "to nearest"],
  [1 + 2 ** -11, 0x3c00, "a tie, to the even one below"],
  [1 + 3 * 2 ** -11, 0x3c02, "a tie, to the even one above"],
  [2 - 2 ** -12, 0x4000, "up into the next power of 2"],
  [65504, 0x7bff, "the largest"],
  [65519, 0x7bff, "down to the largest"],
  [65520, 0x7c00, "to infinity"],
  [2 ** -14, 0x0400, "the smallest normal"],
  [2 ** -24, 0x0001, "the smallest"],
  [2 ** -25, 0x0000, "a tie, to zero"],
  [3 * 2 ** -25, 0x0002, "a tie between subnormals"],
  [-0, 0x8000, "zero with its sign"],
  [Number.NaN, 0x7e00, "NaN"],
])("%f is 0x%x in f16: %s", (value, pattern) => {
  expect([...toHalves(Float32Array.of(value))]).toEqual([pattern]);
});
