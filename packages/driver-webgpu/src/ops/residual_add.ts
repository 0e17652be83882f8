import text from "../../ops/residual_add.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("residual_add", text);

export const residual_add: Launcher<"residual_add"> = (recorder, { x, residual, out }) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(out.dtype), grid],
    reads: { x, residual },
    writes: { out },
    numbers: { size: out.size },
    groups: groupsOf256(out.size),
  });
};
