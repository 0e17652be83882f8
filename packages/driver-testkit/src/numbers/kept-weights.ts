import { ModelFileError, toF32, type WeightDType, type WeightView } from "@ripvec/core";
import { roundTo } from "./round-to.js";

/** A matrix [rows, cols] in 8 bits: weight [r, c] is about `values[r · cols + c] · scales[r]`. */
export interface EightBitMatrix {
  /** In −127 … 127. */
  readonly values: Int8Array<ArrayBuffer>;
  /** Largest magnitude of each row / 127. */
  readonly scales: Float32Array;
}

/** The weights as `dtype` holds them. Throws ModelFileError when a finite one would become infinite. */
export function roundedWeights(
  view: WeightView,
  dtype: Exclude<WeightDType, "i8">,
): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(toF32(view));
  if (dtype === "f32") return weights;
  return weights.map((weight, i) => {
    const rounded = roundTo(dtype, weight);
    if (Number.isFinite(weight) && !Number.isFinite(rounded)) refuse(view, i, weight, dtype);
    return rounded;
  });
}

/** Each row of the matrix in steps of its own. Throws ModelFileError when a weight is not finite. */
export function eightBitWeights(view: WeightView): EightBitMatrix {
  const [rows = 0, cols = 0] = view.shape;
  const weights = toF32(view);
  const wrong = weights.findIndex((weight) => !Number.isFinite(weight));
  if (wrong !== -1) refuse(view, wrong, weights[wrong], "i8");
  const values = new Int8Array(rows * cols);
  const scales = new Float32Array(rows);
  for (let r = 0; r < rows; r++) {
    const row = weights.subarray(r * cols, (r + 1) * cols);
    const largest = row.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0);
    const scale = Math.fround(largest / 127);
    scales[r] = scale;
    if (scale === 0) continue;
    row.forEach((weight, c) => {
      values[r * cols + c] = Math.max(-127, Math.min(127, Math.round(weight / scale)));
    });
  }
  return { values, scales };
}

function refuse(view: WeightView, index: number, weight: unknown, dtype: WeightDType): never {
  throw new ModelFileError(`element ${index} is ${weight}, which ${dtype} cannot hold`, {
    tensor: view.name,
    ...(view.file && { path: view.file.path }),
  });
}
