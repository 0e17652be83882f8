import { activation, f32, ids, type OpSpec, output } from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/**
 * Rotary position embedding (Su et al. 2021, the form that pairs d with d + headDim / 2).
 * x [rows, width], where width is a multiple of headDim: the first `heads` heads are rotated, the others are
 * copied (for fused Q, K, V pass twice the number of heads) · cos, sin [positions, headDim / 2] f32 ·
 * positionIds [rows] i32 · out as x, may be x.
 */
export interface ApplyRopeArgs {
  x: Tensor;
  cos: Tensor<"f32">;
  sin: Tensor<"f32">;
  positionIds: Tensor<"i32">;
  heads: number;
  headDim: number;
  out: Tensor;
}

export const apply_rope: OpSpec<ApplyRopeArgs> = {
  name: "apply_rope",
  group: "attention",
  summary: "(a, b) → (a·cos − b·sin, b·cos + a·sin) for the pairs (d, d + headDim/2)",
  tensors: {
    x: activation("rows", "width"),
    cos: f32("positions", "half"),
    sin: f32("positions", "half"),
    positionIds: ids("rows", "positions"),
    out: output("rows", "width"),
  },
  scalars: ["rows", "width", "heads", "headDim"],
  counts: ["heads", "headDim"],
  inPlace: ["x"],
  check({ headDim, heads }, check) {
    if (headDim !== 2 * check.dim("half")) check.fail("headDim", 2 * check.dim("half"), headDim);
    const width = check.dim("width");
    if (width % headDim !== 0 || width < heads * headDim) {
      check.fail("x", `[rows, a multiple of ${headDim} from ${heads * headDim} up]`, width);
    }
  },
};
