import text from "../../ops/cls_pool.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("cls_pool", text);

export const cls_pool: Launcher<"cls_pool"> = (recorder, { x, layout, out }) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(x.dtype), grid],
    reads: { x, starts: layout.cuSeqlens },
    writes: { out },
    numbers: { size: out.size, cols: out.shape[1] ?? 0 },
    groups: groupsOf256(out.size),
  });
};
