import text from "../../ops/banded_qk.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("banded_qk", text);

export const banded_qk: Launcher<"banded_qk"> = (recorder, { q, k, window, out }) => {
  const [, , length = 0, headDim = 0] = q.shape;
  recorder.dispatch({
    kernel,
    preludes: [activationType(q.dtype), grid],
    reads: { q, k },
    writes: { out },
    numbers: { size: out.size, length, head_dim: headDim, band: window + 1, reach: window / 2 },
    groups: groupsOf256(out.size),
  });
};
