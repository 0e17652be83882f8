import { any, anyOutput, dtype, type OpSpec, size } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/**
 * x and out have the same size, any two of `capabilities.storageDtypes`. Float narrowing rounds to
 * nearest even; float to integer truncates and saturates, NaN gives 0.
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
