import text from "../../ops/scale_mask_softmax.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, functions, grid, rowThreads, withReduce } from "../preludes.js";
import { wgsl } from "../shader.js";
import { reachOf } from "../window.js";

const kernel = wgsl("scale_mask_softmax", text);

export const scale_mask_softmax: Launcher<"scale_mask_softmax"> = (
  recorder,
  { x, mask, scale, window, out },
) => {
  const [batch = 0, heads = 0, queries = 0, keys = 0] = x.shape;
  const rows = keys === 0 ? 0 : batch * heads * queries;
  recorder.dispatch({
    kernel,
    preludes: withReduce(recorder.features, [activationType(x.dtype), grid, functions]),
    constants: rowThreads(keys),
    reads: { x, mask },
    writes: { out },
    numbers: {
      rows,
      keys,
      queries,
      rows_of_mask: heads * queries,
      has_mask: mask ? 1 : 0,
      reach: reachOf(window),
    },
    floats: { scale },
    groups: rows,
  });
};
