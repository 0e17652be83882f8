import { ModelFileError } from "@ripvec/core";
import { shown } from "../fields.js";

/** Powers of ten that a number can be divided by in one step, as doubles. */
const powers: readonly number[] = Array.from({ length: 309 }, (_, k) => Number(`1e${k}`));

/**
 * A score as the reference reads it: the digits as a whole number, rounded to a double, then
 * multiplied or divided by a power of ten (serde_json without `float_roundtrip`). The result may be
 * a neighbour of the double nearest to the written number, and decides between segmentations that
 * would be equal otherwise. The digits are those of the shortest decimal number for `score`, which
 * every common JSON writer produces.
 */
export function asReferenceReads(score: number): number {
  const text = String(Math.abs(score));
  // Up to 15 digits, the quotient is the nearest double however it is computed.
  if (text.length <= 16 && !text.includes("e")) return score;
  const [mantissa = "", exponent = "0"] = text.split("e");
  const point = mantissa.indexOf(".");
  const digits = point < 0 ? mantissa : mantissa.slice(0, point) + mantissa.slice(point + 1);
  const scale = Number(exponent) - (point < 0 ? 0 : mantissa.length - point - 1);
  const magnitude = scaled(Number(digits), scale);
  return score < 0 ? -magnitude : magnitude;
}

function scaled(whole: number, exponent: number): number {
  if (exponent >= 0) return whole * (powers[exponent] ?? Number.POSITIVE_INFINITY);
  const first = Math.min(-exponent, 308);
  return whole / (powers[first] ?? 1) / (powers[-exponent - first] ?? 1);
}

/**
 * Throws ModelFileError when a list in the JSON text ends with a number of more than 15 digits that
 * are not the shortest ones for its double: JSON.parse loses the digits that the reference would
 * read.
 */
export function checkDigits(text: string): void {
  for (const [, number = ""] of text.matchAll(/,\s*-?([\d.]{16,}(?:[eE][+-]?\d+)?)\s*\]/g)) {
    const shortest = String(Number(number));
    if (number === shortest || digitsOf(number) === digitsOf(shortest)) continue;
    throw new ModelFileError(`writes ${shown(number)} with other digits than the shortest`);
  }
}

/** The digits of a decimal number, without its point, its exponent and leading zeros. */
function digitsOf(number: string): string {
  const [mantissa = ""] = number.split(/[eE]/);
  return mantissa.replace(".", "").replace(/^0+/, "");
}
