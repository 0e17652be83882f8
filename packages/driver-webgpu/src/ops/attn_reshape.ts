import text from "../../ops/attn_reshape.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("attn_reshape", text);

export const attn_reshape: Launcher<"attn_reshape"> = (recorder, { x, out }) => {
  const [, heads = 0, length = 0, headDim = 0] = x.shape;
  recorder.dispatch({
    kernel,
    preludes: [activationType(x.dtype), grid],
    reads: { x },
    writes: { out },
    numbers: { size: x.size, heads, length, head_dim: headDim },
    groups: groupsOf256(x.size),
  });
};
