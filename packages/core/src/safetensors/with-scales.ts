import { scaleName, type WeightSource, type WeightView } from "../weights.js";
import { checkedScales } from "./checked-scales.js";

/**
 * Adds the scales to the view of an i8 tensor, if `source` has a tensor `scaleName(view.name)`. Any other view is
 * returned unchanged. Scales are small, so they are read and checked at once and kept in memory as f32. Throws
 * ModelFileError that names them unless they are floats, one for each row of a matrix, finite and at least 0.
 */
export function withScales(
  view: WeightView,
  source: Pick<WeightSource, "path" | "has" | "get">,
): WeightView {
  const name = scaleName(view.name);
  if (view.dtype !== "i8" || view.scales || !source.has(name)) return view;
  return { ...view, scales: checkedScales(source.get(name), view, source.path) };
}
