import text from "../../ops/fused_bias_residual.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("fused_bias_residual", text);

export const fused_bias_residual: Launcher<"fused_bias_residual"> = (
  recorder,
  { x, bias, residual, out },
) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(out.dtype), grid],
    reads: { x, bias, residual },
    writes: { out },
    numbers: { size: out.size, cols: bias.size },
    groups: groupsOf256(out.size),
  });
};
