import text from "../../ops/banded_softmax.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, functions, grid, rowThreads, withReduce } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("banded_softmax", text);

export const banded_softmax: Launcher<"banded_softmax"> = (
  recorder,
  { x, layout, window, scale, out },
) => {
  const [batch = 0, heads = 0, length = 0, band = 0] = x.shape;
  const rows = batch * heads * length;
  recorder.dispatch({
    kernel,
    preludes: withReduce(recorder.features, [activationType(x.dtype), grid, functions]),
    constants: rowThreads(band),
    reads: { x, starts: layout.cuSeqlens },
    writes: { out },
    numbers: { rows, band, length, rows_of_sequence: heads * length, reach: window / 2 },
    floats: { scale },
    groups: rows,
  });
};
