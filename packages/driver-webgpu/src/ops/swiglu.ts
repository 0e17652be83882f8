import text from "../../ops/swiglu.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("swiglu", text);

export const swiglu: Launcher<"swiglu"> = (recorder, { value, gate, out }) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(out.dtype), grid],
    reads: { value, gate },
    writes: { out },
    numbers: { size: out.size },
    groups: groupsOf256(out.size),
  });
};
