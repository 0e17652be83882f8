import text from "../../ops/fused_residual_layer_norm.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { normOf } from "../norm.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("fused_residual_layer_norm", text);

export const fused_residual_layer_norm: Launcher<"fused_residual_layer_norm"> = (
  recorder,
  { x, residual, weight, bias, eps, sum, out },
) => {
  const [rows = 0, cols = 0] = x.shape;
  recorder.dispatch({
    kernel,
    ...normOf(recorder.features, x.dtype, cols, [x, residual, weight, bias, sum, out]),
    reads: { x, residual, weight, bias },
    writes: { sum, out },
    numbers: { rows, cols, has_bias: bias ? 1 : 0, has_sum: sum ? 1 : 0 },
    floats: { eps },
    groups: rows,
  });
};
