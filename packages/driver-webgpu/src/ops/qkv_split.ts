import text from "../../ops/qkv_split.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("qkv_split", text);

export const qkv_split: Launcher<"qkv_split"> = (recorder, { qkv, heads, headDim, q, k, v }) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(qkv.dtype), grid],
    reads: { qkv },
    writes: { q, k, v },
    numbers: { size: q.size, heads, length: q.shape[2] ?? 0, head_dim: headDim },
    groups: groupsOf256(q.size),
  });
};
