import text from "../../ops/l2_normalize.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, rowThreads, withReduce } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("l2_normalize", text);

export const l2_normalize: Launcher<"l2_normalize"> = (recorder, { x, out }) => {
  const [rows = 0, cols = 0] = x.shape;
  recorder.dispatch({
    kernel,
    preludes: withReduce(recorder.features, [activationType(x.dtype), grid]),
    constants: rowThreads(cols),
    reads: { x },
    writes: { out },
    numbers: { rows, cols },
    groups: rows,
  });
};
