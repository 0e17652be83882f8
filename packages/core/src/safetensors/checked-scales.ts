import { floatDTypes } from "../dtype.js";
import { tensorError, viewOf, type WeightView } from "../weights.js";
import { toF32 } from "./to-f32.js";

/**
 * Reads the scales of an i8 tensor and returns them as f32 in memory. Throws ModelFileError, with their name and `path`,
 * else the path of their own file, unless the tensor is a matrix [rows, cols] and the scales are floats [rows] or
 * [rows, 1], finite and at least 0.
 */
export function checkedScales(
  scales: WeightView,
  { name, shape }: Pick<WeightView, "name" | "shape">,
  path?: string,
): WeightView {
  const [rows = 0, ...cols] = shape;
  const [scaleRows, ...rest] = scales.shape;
  const fits = cols.length === 1 && scaleRows === rows && (rest.length === 0 || isColumn(rest));
  if (!fits || !floatDTypes.includes(scales.dtype)) {
    throw tensorError(
      scales,
      `is ${scales.dtype} [${scales.shape.join(", ")}]. As the scales of ${name}, i8 [${shape.join(", ")}], it must be f32, f16 or bf16 with shape [rows] or [rows, 1]`,
      path,
    );
  }
  const values = toF32(scales);
  const row = values.findIndex((value) => !(value >= 0 && Number.isFinite(value)));
  if (row < 0) return viewOf(scales.name, "f32", scales.shape, values);
  throw tensorError(
    scales,
    `the scale of row ${row} is ${values[row]}; a scale must be finite and at least 0`,
    path,
  );
}

function isColumn(rest: readonly number[]): boolean {
  return rest.length === 1 && rest[0] === 1;
}
