import { any, anyOutput, dtype, type OpSpec, size } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/**
 * x and out have the same size and any two dtypes of `capabilities.storageDtypes`. Floats are rounded to nearest
 * even. Floats become integers by truncation and saturation, and NaN becomes 0.
 */
export interface ConvertArgs {
  x: Tensor;
  out: Tensor;
}

export const convert: OpSpec<ConvertArgs> = {
  name: "convert",
  group: "layout",
  summary: "out = x in out's dtype",
  tensors: { x: any("..."), out: anyOutput("...") },
  scalars: [dtype("x"), dtype("out"), size("x")],
  check({ x, out }, check) {
    if (x.size !== out.size) check.fail("out", `of ${x.size} elements`, out.size);
  },
};
