import text from "../../ops/fused_pad_qkv_split.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("fused_pad_qkv_split", text);

export const fused_pad_qkv_split: Launcher<"fused_pad_qkv_split"> = (
  recorder,
  { qkv, layout, heads, headDim, q, k, v },
) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(qkv.dtype), grid],
    reads: { qkv, starts: layout.cuSeqlens },
    writes: { q, k, v },
    numbers: { size: q.size, heads, length: layout.maxSeqLen, head_dim: headDim },
    groups: groupsOf256(q.size),
  });
};
