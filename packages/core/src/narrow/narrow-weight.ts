import type { WeightDType } from "../dtype.js";
import { toF32 } from "../safetensors/to-f32.js";
import { scaleName, viewOf, type WeightView } from "../weights.js";
import { quantizeRows } from "./quantize-rows.js";
import { roundToHalf } from "./round-to-half.js";
import { unheldValueError } from "./unheld-value.js";

/**
 * Converts a tensor [rows, …] of floats to `dtype`, in memory: f16 and bf16 are rounded to nearest even; i8 is quantised
 * as `quantizeRows` says, with `scales` [rows, 1]. A tensor that has the dtype already is returned unchanged. Throws
 * ModelFileError for a value that the dtype cannot hold.
 */
export function narrowWeight(view: WeightView, dtype: WeightDType): WeightView {
  const { name, shape } = view;
  if (view.dtype === dtype) return view;
  const values = toF32(view);
  switch (dtype) {
    case "f32":
      return viewOf(name, "f32", shape, values);
    case "f16":
    case "bf16": {
      const { patterns, overflow } = roundToHalf(values, dtype);
      if (overflow !== -1) throw unheldValueError(view, overflow, values[overflow] ?? 0, dtype);
      return viewOf(name, dtype, shape, patterns);
    }
    case "i8":
      return quantized(view, values);
    default:
      return dtype satisfies never;
  }
}

function quantized(view: WeightView, weights: Float32Array): WeightView {
  const { name, shape } = view;
  const wrong = weights.findIndex((weight) => !Number.isFinite(weight));
  if (wrong !== -1) throw unheldValueError(view, wrong, weights[wrong] ?? 0, "i8");
  const [rows = 0] = shape;
  const { values, scales } = quantizeRows(weights, rows);
  return {
    ...viewOf(name, "i8", shape, values),
    scales: viewOf(scaleName(name), "f32", [rows, 1], scales),
  };
}
