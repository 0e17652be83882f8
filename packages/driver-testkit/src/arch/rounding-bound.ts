import type { ActivationDType, ArchOptions, WeightDType } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { expectedVector } from "./expected-vector.js";
import { type PlainText, perturbedModel, plainModel } from "./plain-model.js";
import type { Subject } from "./subject.js";

/** Vectors in f64, and how far a right pass may be from them. */
export interface Expected {
  readonly vectors: readonly (readonly number[])[];
  /** The largest |Δ| of an element. */
  readonly bound: number;
}

/** How a pass rounds. */
export interface Rounding {
  readonly dtype?: WeightDType;
  readonly activations?: ActivationDType;
  /** Whether the driver computes in f64, and rounds only the result to f32. */
  readonly isExact?: boolean;
}

/** Half the distance of two neighbouring numbers, relative to them. */
const halfStep: Readonly<Record<ActivationDType, number>> = { f32: 2 ** -24, f16: 2 ** -11 };

const trials = 4;

/**
 * How many times the change that rounding the weights makes is allowed. An exact driver rounds the result and the values
 * that the architecture computes when it loads; other drivers round after each op and in their sums, and quantise x for a
 * matrix in 8 bits. The largest factors that were measured with the encoders of this repository are 0.3, 2.4 and 0.8.
 */
const allowance = { exact: 1, rounding: 8, quantising: 3 } as const;

/**
 * The vectors that the definition gives, with a bound that is derived from rounding: every weight is changed at random
 * by at most one rounding, the definition is computed again, and the largest change of an element is multiplied by an
 * allowance for the roundings of a pass. Where attention is sharp or a norm divides by a small number, the bound grows
 * as the errors of a right pass do.
 */
export function expectedVectors(
  { model, definition }: Subject,
  texts: readonly PlainText[],
  rounding: Rounding = {},
  options: ArchOptions = {},
  config: JsonObject = {},
): Expected {
  const { dtype = "f32", activations = "f32", isExact = false } = rounding;
  const plain = plainModel(model, config, dtype);
  const vectors = texts.map((text) => expectedVector(definition, plain, text, options));
  const isQuantising = dtype === "i8" && !isExact;
  const noise = { step: halfStep[activations], isQuantising };
  const changes = Array.from({ length: trials }, (_, trial) => {
    const changed = perturbedModel(model, config, dtype, noise, `rounding ${trial}`);
    return texts.map((text, t) =>
      largestDifference(expectedVector(definition, changed, text, options), vectors[t] ?? []),
    );
  }).flat();
  const size = Math.max(...vectors.flat().map(Math.abs));
  const kind = isExact ? "exact" : isQuantising ? "quantising" : "rounding";
  return { vectors, bound: allowance[kind] * Math.max(noise.step * size, ...changes) };
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN;
  return Math.max(0, ...Array.from(a, (value, i) => Math.abs(value - (b[i] ?? Number.NaN))));
}
