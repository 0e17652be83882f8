import text from "../../ops/apply_rope.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("apply_rope", text);

export const apply_rope: Launcher<"apply_rope"> = (
  recorder,
  { x, cos, sin, positionIds, heads, headDim, out },
) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(x.dtype), grid],
    reads: { x, cos_table: cos, sin_table: sin, positions: positionIds },
    writes: { out },
    numbers: { size: x.size, width: x.shape[1] ?? 0, heads, head_dim: headDim },
    groups: groupsOf256(x.size),
  });
};
