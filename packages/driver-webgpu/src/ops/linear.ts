import text from "../../ops/linear.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { leftOperand, rightOperand, tilingFor } from "../matmul.js";
import { activationType, functions, grid } from "../preludes.js";
import { wgsl } from "../shader.js";
import { partsOf, placeOf } from "../storage.js";

const kernel = wgsl("linear", text);
const activations = { none: 0, erf: 1, tanh: 2 } as const;

export const linear: Launcher<"linear"> = (recorder, { x, weight, bias, activation, out }) => {
  const [rows = 0, inputs = 0] = x.shape;
  const outputs = out.shape[1] ?? 0;
  const operands = [leftOperand(placeOf(x), [inputs]), ...rightOperand(weight, [inputs])];
  const form = activations[activation ?? "none"];
  for (const part of partsOf(weight)) {
    const cols = part.rows;
    const tiling = tilingFor(recorder.features, { rows, cols });
    recorder.dispatch({
      kernel,
      preludes: [
        ...tiling.enables,
        activationType(x.dtype),
        grid,
        functions,
        ...operands,
        tiling.prelude,
      ],
      reads: { left: x, right: part, bias },
      writes: { out },
      numbers: {
        rows,
        cols,
        inputs,
        first_col: part.firstRow,
        right_scales: part.scales,
        outputs,
        has_bias: bias ? 1 : 0,
        // 0: none, 1: GELU with erf, 2: GELU with tanh.
        activation: form,
      },
      groups: Math.ceil(rows / tiling.rows) * Math.ceil(cols / tiling.cols),
    });
  }
};
