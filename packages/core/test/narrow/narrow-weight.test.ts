import { ModelFileError, type WeightDType } from "@ripvec/core";
import { toF32 } from "@ripvec/core/arch";
import { narrowWeight, weightView } from "@ripvec/core/driver";
import { expect, test } from "vitest";

const values = [1, -1 / 3, 65504, 2 ** -24, 2 ** -25, 2049];
const view = weightView("w", [2, 3], Float32Array.from(values));
const narrowed = (dtype: WeightDType) => [...toF32(narrowWeight(view, dtype))];

/** Known values: IEEE 754 binary16 and bfloat16, ties to even. */
test("f16 and bf16 are rounded to nearest even", () => {
  expect(narrowed("f16")).toEqual([1, -0.333251953125, 65504, 2 ** -24, 0, 2048]);
  expect(narrowed("bf16")).toEqual([1, -0.333984375, 65536, 2 ** -24, 2 ** -25, 2048]);
  expect(narrowWeight(view, "f16")).toMatchObject({ dtype: "f16", shape: [2, 3], byteLength: 12 });
});

test("i8 has scales, and is read as value times scale", () => {
  const eightBit = narrowWeight(view, "i8");
  expect(eightBit).toMatchObject({ name: "w", dtype: "i8", shape: [2, 3], byteLength: 6 });
  expect(eightBit.scales).toMatchObject({ name: "w_scale", dtype: "f32", shape: [2, 1] });
  const [first = 0, second = 0] = eightBit.scales ? toF32(eightBit.scales) : [];
  expect([first, second]).toEqual([Math.fround(65504 / 127), Math.fround(2049 / 127)]);
  const read = [0, 0, 127 * first, 0, 0, 127 * second].map(Math.fround);
  expect([...toF32(eightBit)].map((value) => value || 0)).toEqual(read);
});

test("a tensor that has the dtype already is returned unchanged", () => {
  const half = narrowWeight(view, "f16");
  expect(narrowWeight(half, "f16")).toBe(half);
  expect(narrowWeight(view, "f32")).toBe(view);
});

test.each([
  ["f16", 65520, "65520, beyond 65504, the largest of f16"],
  ["f16", -2e9, "-2e+09, beyond 65504, the largest of f16"],
  ["bf16", 3.4e38, "3.39999995e+38, beyond the largest of bf16"],
  ["i8", Number.NaN, "NaN; weights must be finite"],
  ["i8", Number.NEGATIVE_INFINITY, "-infinity; weights must be finite"],
] as const)("%s refuses %d and names the tensor and the place", (dtype, value, problem) => {
  const wrong = weightView("the wrong one", [2, 2], Float32Array.of(1, 2, value, value));
  expect(() => narrowWeight(wrong, dtype)).toThrow(ModelFileError);
  expect(() => narrowWeight(wrong, dtype)).toThrow(
    `tensor "the wrong one": row 1, column 0 is ${problem}`,
  );
});
