import activationText from "../prelude/table_activation.wgsl?raw";
import f32Text from "../prelude/table_f32.wgsl?raw";
import halfText from "../prelude/table_half.wgsl?raw";
import i8Text from "../prelude/table_i8.wgsl?raw";
import { halfFormats } from "./preludes.js";
import { type Wgsl, wgsl } from "./shader.js";
import type { GpuTensor } from "./storage.js";

const activation = wgsl("table_activation", activationText);
const f32 = wgsl("table_f32", f32Text);
const half = wgsl("table_half", halfText);
const i8 = wgsl("table_i8", i8Text);

/** The preludes with `TableWord`, the element type of the buffer, and `table_at`, which reads an element of a row. */
export function tablePreludes({ storage }: GpuTensor): readonly Wgsl[] {
  const dtype = storage.kind === "weight" ? storage.dtype : "activation";
  switch (dtype) {
    case "activation":
      return [activation];
    case "f32":
      return [f32];
    case "f16":
    case "bf16":
      return [halfFormats[dtype], half];
    case "i8":
      return [i8];
    default:
      return dtype satisfies never;
  }
}
