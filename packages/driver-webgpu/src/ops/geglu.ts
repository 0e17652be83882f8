import text from "../../ops/geglu.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, functions, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("geglu", text);

export const geglu: Launcher<"geglu"> = (recorder, { value, gate, form, out }) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(out.dtype), grid, functions],
    reads: { value, gate },
    writes: { out },
    numbers: { size: out.size, tanh_form: form === "tanh" ? 1 : 0 },
    groups: groupsOf256(out.size),
  });
};
