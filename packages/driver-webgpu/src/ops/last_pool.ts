import text from "../../ops/last_pool.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("last_pool", text);

export const last_pool: Launcher<"last_pool"> = (recorder, { x, layout, out }) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(x.dtype), grid],
    reads: { x, starts: layout.cuSeqlens },
    writes: { out },
    numbers: { size: out.size, cols: out.shape[1] ?? 0 },
    groups: groupsOf256(out.size),
  });
};
