import text from "../../ops/banded_sv.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("banded_sv", text);

export const banded_sv: Launcher<"banded_sv"> = (recorder, { p, v, window, out }) => {
  const [, , length = 0, headDim = 0] = v.shape;
  recorder.dispatch({
    kernel,
    preludes: [activationType(v.dtype), grid],
    reads: { p, v },
    writes: { out },
    numbers: { size: out.size, length, head_dim: headDim, band: window + 1, reach: window / 2 },
    groups: groupsOf256(out.size),
  });
};
