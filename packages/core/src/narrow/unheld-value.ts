import type { WeightDType } from "../dtype.js";
import type { ModelFileError } from "../errors.js";
import { tensorError, type WeightView } from "../weights.js";

/** The largest finite value of a dtype, as messages state it. */
const largest: Readonly<Partial<Record<WeightDType, string>>> = {
  f16: "beyond 65504, the largest of f16",
  bf16: "beyond the largest of bf16",
};

/**
 * The error for a weight whose element `index`, counted over all rows, is a `value` that `dtype` cannot hold: a finite
 * one that f16 or bf16 rounds to infinity, or NaN or infinity in i8. Drivers that convert weights themselves word it in
 * the same way.
 */
export function unheldValueError(
  view: WeightView,
  index: number,
  value: number,
  dtype: WeightDType,
): ModelFileError {
  const problem = Number.isFinite(value) ? `, ${largest[dtype]}` : "; weights must be finite";
  return tensorError(view, `${placeOf(view, index)} is ${nineDigits(value)}${problem}`);
}

function placeOf({ shape }: WeightView, index: number): string {
  const [, cols] = shape;
  if (shape.length !== 2 || cols === undefined) return `column ${index}`;
  return `row ${Math.floor(index / cols)}, column ${index % cols}`;
}

/** As many digits as tell two f32 apart, as `%.9g` of C prints them. */
function nineDigits(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace("I", "i");
  const [digits, exponent] = value.toPrecision(9).split("e");
  if (exponent === undefined) return `${Number(digits)}`;
  return `${Number(digits)}e${exponent.charAt(0)}${exponent.slice(1).padStart(2, "0")}`;
}
