import text from "../../ops/max_pool.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, functions, grid } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("max_pool", text);

export const max_pool: Launcher<"max_pool"> = (recorder, { x, layout, out }) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(x.dtype), grid, functions],
    reads: { x, starts: layout.cuSeqlens },
    writes: { out },
    numbers: { size: out.size, cols: out.shape[1] ?? 0 },
    groups: Math.ceil(out.size / 64),
  });
};
