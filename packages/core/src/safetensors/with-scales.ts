import type { DType } from "../dtype.js";
import { ModelFileError } from "../errors.js";
import { scaleName, viewOf, type WeightSource, type WeightView } from "../weights.js";
import { toF32 } from "./to-f32.js";

const floats: readonly DType[] = ["f32", "f16", "bf16"];

/**
 * A tensor of `source` in i8 with the scales that stand beside it, `scaleName(view.name)`; any other tensor, and one
 * without, as it is. Scales are few: they are read now, checked, and kept in memory as f32. Throws ModelFileError
 * that names them unless they are finite floats from 0, one for each row of a matrix.
 */
export function withScales(
  view: WeightView,
  source: Pick<WeightSource, "path" | "has" | "get">,
): WeightView {
  const name = scaleName(view.name);
  if (view.dtype !== "i8" || view.scales || !source.has(name)) return view;
  return { ...view, scales: checkedScales(source.get(name), view, source.path) };
}

function checkedScales(scales: WeightView, { name, shape }: WeightView, path: string): WeightView {
  const refuse = (message: string): never => {
    throw new ModelFileError(message, { path, tensor: scales.name });
  };
  const [rows = 0, ...cols] = shape;
  const [scaleRows, ...rest] = scales.shape;
  const fits = cols.length === 1 && scaleRows === rows && (rest.length === 0 || isColumn(rest));
  if (!fits || !floats.includes(scales.dtype)) {
    refuse(
      `is ${scales.dtype} [${scales.shape.join(", ")}]. Beside ${name}, i8 [${shape.join(", ")}], it must hold a float for each row: f32, f16 or bf16 of [rows] or [rows, 1]`,
    );
  }
  const values = toF32(scales);
  const row = values.findIndex((value) => !(value >= 0 && Number.isFinite(value)));
  if (row >= 0) {
    refuse(`the scale of row ${row} is ${values[row]}; a scale is a finite number from 0`);
  }
  return viewOf(scales.name, "f32", scales.shape, values);
}

function isColumn(rest: readonly number[]): boolean {
  return rest.length === 1 && rest[0] === 1;
}
