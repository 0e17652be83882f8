import text from "../../ops/pad_to_batch.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("pad_to_batch", text);

export const pad_to_batch: Launcher<"pad_to_batch"> = (recorder, { x, layout, out }) => {
  const [, length = 0, cols = 0] = out.shape;
  recorder.dispatch({
    kernel,
    preludes: [activationType(x.dtype), grid],
    reads: { x, starts: layout.cuSeqlens },
    writes: { out },
    numbers: { size: out.size, length, cols },
    groups: groupsOf256(out.size),
  });
};
