import type { WeightDType } from "@ripvec/core";
import { toF32 } from "@ripvec/core/arch";
import { unheldValueError, type WeightView } from "@ripvec/core/driver";
import { roundToEven } from "./half.js";
import { roundTo } from "./round-to.js";

/** A matrix or table [rows, cols] in 8 bits: element [r, c] is `values[r · cols + c] · scales[r]`. */
export interface EightBitRows {
  readonly values: Int8Array<ArrayBuffer>;
  /** One f32 for each row. */
  readonly scales: Float32Array;
}

/**
 * The values, in f32, of weights that are kept in `dtype`: rounded to nearest even, or in i8 each value times the scale
 * of its row, rounded once. Throws ModelFileError for a weight that `dtype` cannot hold.
 */
export function keptValues(view: WeightView, dtype: WeightDType): Float32Array<ArrayBuffer> {
  if (dtype === "i8") return widened(eightBitRows(view));
  const weights = new Float32Array(toF32(view));
  if (dtype === "f32") return weights;
  return weights.map((weight, i) => {
    const rounded = roundTo(dtype, weight);
    if (Number.isFinite(weight) && !Number.isFinite(rounded)) {
      throw unheldValueError(view, i, weight, dtype);
    }
    return rounded;
  });
}

/**
 * Reads a view of i8 unchanged, and quantises floats in steps of 1/127 of the largest magnitude of their row. This code is
 * independent of core's `quantizeRows`, and gives the same bits. Throws ModelFileError when a weight is not finite.
 */
export function eightBitRows(view: WeightView): EightBitRows {
  if (view.dtype === "i8") return storedRows(view);
  const [rows = 0, cols = 0] = view.shape;
  const weights = toF32(view);
  const wrong = weights.findIndex((weight) => !Number.isFinite(weight));
  if (wrong !== -1) throw unheldValueError(view, wrong, weights[wrong] ?? 0, "i8");
  const scales = Float32Array.from({ length: rows }, (_, r) => {
    const row = weights.subarray(r * cols, (r + 1) * cols);
    const largest = row.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0);
    return Math.max(Math.fround(largest / 127), smallestScale);
  });
  const values = Int8Array.from(weights, (weight, i) => {
    const inverse = Math.fround(1 / (scales[Math.floor(i / cols)] as number));
    return Math.max(-127, Math.min(127, roundToEven(Math.fround(weight * inverse))));
  });
  return { values, scales };
}

/** The smallest normal f32. */
const smallestScale = 2 ** -126;

function storedRows(view: WeightView): EightBitRows {
  if (!view.scales) throw new TypeError("core gives no view of 8 bits without scales to a driver");
  return { values: new Int8Array(new Uint8Array(view.bytes()).buffer), scales: toF32(view.scales) };
}

/** Multiplies each value by the scale of its row, and rounds once to f32. */
export function widened({ values, scales }: EightBitRows): Float32Array<ArrayBuffer> {
  const cols = values.length / scales.length;
  const weights = new Float32Array(values);
  return weights.map((value, i) => value * (scales[Math.floor(i / cols)] as number));
}
