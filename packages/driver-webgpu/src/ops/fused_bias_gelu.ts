import text from "../../ops/fused_bias_gelu.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, functions, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("fused_bias_gelu", text);

export const fused_bias_gelu: Launcher<"fused_bias_gelu"> = (recorder, { x, bias, form, out }) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(out.dtype), grid, functions],
    reads: { x, bias },
    writes: { out },
    numbers: { size: out.size, cols: bias.size, tanh_form: form === "tanh" ? 1 : 0 },
    groups: groupsOf256(out.size),
  });
};
