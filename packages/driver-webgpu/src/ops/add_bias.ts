import text from "../../ops/add_bias.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("add_bias", text);

export const add_bias: Launcher<"add_bias"> = (recorder, { x, bias, out }) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(out.dtype), grid],
    reads: { x, bias },
    writes: { out },
    numbers: { size: out.size, cols: bias.size },
    groups: groupsOf256(out.size),
  });
};
