import text from "../../ops/tanh.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, functions, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("tanh", text);

export const tanh: Launcher<"tanh"> = (recorder, { x, out }) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(x.dtype), grid, functions],
    reads: { x },
    writes: { out },
    numbers: { size: x.size },
    groups: groupsOf256(x.size),
  });
};
