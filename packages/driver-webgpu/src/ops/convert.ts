import { UnsupportedError } from "@ripvec/core";
import type { DType } from "@ripvec/core/driver";
import text from "../../ops/convert.wgsl?raw";
import enableText from "../../prelude/enable_f16.wgsl?raw";
import fromF16Text from "../../prelude/from_f16.wgsl?raw";
import fromF32Text from "../../prelude/from_f32.wgsl?raw";
import fromI32Text from "../../prelude/from_i32.wgsl?raw";
import toF16Text from "../../prelude/to_f16.wgsl?raw";
import toF32Text from "../../prelude/to_f32.wgsl?raw";
import toI32Text from "../../prelude/to_i32.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { functions, grid, groupsOf256 } from "../preludes.js";
import { type Wgsl, wgsl } from "../shader.js";
import { copyTensor } from "./copy.js";

const kernel = wgsl("convert", text);
const enableF16 = wgsl("enable_f16", enableText);
type ConvertedDType = "f32" | "f16" | "i32";
const from: Readonly<Record<ConvertedDType, Wgsl>> = {
  f32: wgsl("from_f32", fromF32Text),
  f16: wgsl("from_f16", fromF16Text),
  i32: wgsl("from_i32", fromI32Text),
};
const to: Readonly<Record<ConvertedDType, Wgsl>> = {
  f32: wgsl("to_f32", toF32Text),
  f16: wgsl("to_f16", toF16Text),
  i32: wgsl("to_i32", toI32Text),
};

export const convert: Launcher<"convert"> = (recorder, { x, out }) => {
  const [source, target] = [convertible(x.dtype), convertible(out.dtype)];
  if (source === target) {
    copyTensor(recorder, x, out);
    return;
  }
  const enable = source === "f16" || target === "f16" ? [enableF16] : [];
  recorder.dispatch({
    kernel,
    preludes: [...enable, grid, functions, from[source], to[target]],
    reads: { x },
    writes: { out },
    numbers: { size: x.size },
    groups: groupsOf256(x.size),
  });
};

/** Tensors of a pass have no other dtypes. */
function convertible(dtype: DType): ConvertedDType {
  if (dtype === "f32" || dtype === "f16" || dtype === "i32") return dtype;
  throw new UnsupportedError({ what: "dtype", value: dtype, supported: Object.keys(from) });
}
