import { toF32 } from "../safetensors/to-f32.js";
import type { WeightView } from "../weights.js";

/** A view of the values of a tensor as f32. They are converted when `bytes` is called. */
export function widened(view: WeightView): WeightView {
  const { name, shape, byteLength } = view;
  const bytes = () => new Uint8Array(toF32(view).buffer);
  return { name, dtype: "f32", shape, byteLength: 4 * byteLength, bytes };
}
