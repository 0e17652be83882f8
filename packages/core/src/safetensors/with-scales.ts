import { scaleName, type WeightSource, type WeightView } from "../weights.js";
import { checkedScales } from "./checked-scales.js";

/**
 * A tensor of `source` in i8 with the scales that stand beside it, `scaleName(view.name)`; any other tensor, and one
 * without, as it is. Scales are few: they are read now, checked, and kept in memory as f32. Throws ModelFileError
 * that names them unless they are floats, one for each row of a matrix, finite and at least 0.
 */
export function withScales(
  view: WeightView,
  source: Pick<WeightSource, "path" | "has" | "get">,
): WeightView {
  const name = scaleName(view.name);
  if (view.dtype !== "i8" || view.scales || !source.has(name)) return view;
  return { ...view, scales: checkedScales(source.get(name), view, source.path) };
}
