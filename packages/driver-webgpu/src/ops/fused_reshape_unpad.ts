import text from "../../ops/fused_reshape_unpad.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("fused_reshape_unpad", text);

export const fused_reshape_unpad: Launcher<"fused_reshape_unpad"> = (
  recorder,
  { x, layout, out },
) => {
  const [, heads = 0, length = 0, headDim = 0] = x.shape;
  recorder.dispatch({
    kernel,
    preludes: [activationType(x.dtype), grid],
    reads: { x, starts: layout.cuSeqlens },
    writes: { out },
    numbers: { size: x.size, heads, length, head_dim: headDim },
    groups: groupsOf256(x.size),
  });
};
