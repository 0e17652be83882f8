import text from "../../ops/unpad_from_batch.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("unpad_from_batch", text);

export const unpad_from_batch: Launcher<"unpad_from_batch"> = (recorder, { x, layout, out }) => {
  const [, length = 0, cols = 0] = x.shape;
  recorder.dispatch({
    kernel,
    preludes: [activationType(x.dtype), grid],
    reads: { x, starts: layout.cuSeqlens },
    writes: { out },
    numbers: { size: x.size, length, cols },
    groups: groupsOf256(x.size),
  });
};
