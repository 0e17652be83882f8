import text from "../../ops/gelu.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, functions, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("gelu", text);

export const gelu: Launcher<"gelu"> = (recorder, { x, form, out }) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(out.dtype), grid, functions],
    reads: { x },
    writes: { out },
    numbers: { size: out.size, tanh_form: form === "tanh" ? 1 : 0 },
    groups: groupsOf256(out.size),
  });
};
