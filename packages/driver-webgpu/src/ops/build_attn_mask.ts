import text from "../../ops/build_attn_mask.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("build_attn_mask", text);

export const build_attn_mask: Launcher<"build_attn_mask"> = (recorder, { layout, out }) => {
  recorder.dispatch({
    kernel,
    preludes: [grid],
    reads: { starts: layout.cuSeqlens },
    writes: { out },
    numbers: { size: out.size, length: layout.maxSeqLen },
    groups: groupsOf256(out.size),
  });
};
