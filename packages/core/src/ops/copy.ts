import { DTypeError } from "../errors.js";
import { any, anyOutput, dtype, type OpSpec, size } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/** x and out have the same dtype and size. */
export interface CopyArgs {
  x: Tensor;
  out: Tensor;
}

export const copy: OpSpec<CopyArgs> = {
  name: "copy",
  group: "layout",
  summary: "out = x",
  tensors: { x: any("..."), out: anyOutput("...") },
  scalars: [dtype("x"), size("x")],
  check({ x, out }, check) {
    if (x.dtype !== out.dtype) {
      throw new DTypeError({
        op: "copy",
        argument: "out",
        expected: [x.dtype],
        actual: out.dtype,
      });
    }
    if (x.size !== out.size) check.fail("out", `of ${x.size} elements`, out.size);
  },
};
