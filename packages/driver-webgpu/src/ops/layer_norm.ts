import text from "../../ops/layer_norm.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { normOf } from "../norm.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("layer_norm", text);

export const layer_norm: Launcher<"layer_norm"> = (recorder, { x, weight, bias, eps, out }) => {
  const [rows = 0, cols = 0] = x.shape;
  recorder.dispatch({
    kernel,
    ...normOf(recorder.features, x.dtype, cols, [x, weight, bias, out]),
    reads: { x, weight, bias },
    writes: { out },
    numbers: { rows, cols, has_bias: bias ? 1 : 0 },
    floats: { eps },
    groups: rows,
  });
};
