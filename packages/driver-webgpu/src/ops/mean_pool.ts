import text from "../../ops/mean_pool.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("mean_pool", text);

export const mean_pool: Launcher<"mean_pool"> = (recorder, { x, layout, out }) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(x.dtype), grid],
    reads: { x, starts: layout.cuSeqlens },
    writes: { out },
    numbers: { size: out.size, cols: out.shape[1] ?? 0 },
    groups: Math.ceil(out.size / 64),
  });
};
