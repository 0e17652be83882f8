import text from "../../ops/relu.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, functions, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("relu", text);

export const relu: Launcher<"relu"> = (recorder, { x, out }) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(x.dtype), grid, functions],
    reads: { x },
    writes: { out },
    numbers: { size: x.size },
    groups: groupsOf256(x.size),
  });
};
