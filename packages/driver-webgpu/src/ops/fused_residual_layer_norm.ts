import text from "../../ops/fused_residual_layer_norm.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { grid, rowThreads, storage, withReduce } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("fused_residual_layer_norm", text);

export const fused_residual_layer_norm: Launcher<"fused_residual_layer_norm"> = (
  recorder,
  { x, residual, weight, bias, eps, sum, out },
) => {
  const [rows = 0, cols = 0] = x.shape;
  recorder.dispatch({
    kernel,
    preludes: withReduce(recorder.features, [storage(x.dtype), grid]),
    constants: rowThreads(cols),
    reads: [x, residual, weight, bias],
    writes: [sum, out],
    numbers: [rows, cols, bias ? 1 : 0, sum ? 1 : 0],
    floats: [eps],
    groups: rows,
  });
};
