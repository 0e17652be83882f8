import type { Tolerance } from "./case.js";

/** Half a unit in the last place of f32, as a relative error. */
export const roundoff: number = 2 ** -24;

export const exact: Tolerance = {
  rel: 0,
  halfRoundings: 0,
  reason: "the op moves values and computes nothing",
};

export const oneRounding: Tolerance = {
  rel: 1.01 * roundoff,
  reason: "one f32 addition, rounded to nearest",
};

export function sums(length: number, more = 0): Tolerance {
  return {
    rel: (length + 2 + more) * roundoff,
    halfRoundings: 1 + more / 4,
    reason: "n products added in f32, in any order, err by at most n · 2⁻²⁴ · Σ|terms|",
  };
}
