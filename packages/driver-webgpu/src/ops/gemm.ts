import text from "../../ops/gemm.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { leftOperand, rightOperand, tilingFor } from "../matmul.js";
import { activationType, grid } from "../preludes.js";
import { wgsl } from "../shader.js";
import { partsOf, placeOf } from "../storage.js";

const kernel = wgsl("gemm", text);

export const gemm: Launcher<"gemm"> = (recorder, { a, b, transposeB, out }) => {
  const [rows = 0, inner = 0] = a.shape;
  const outputs = out.shape[1] ?? 0;
  const operands = [leftOperand(placeOf(a), [inner]), ...rightOperand(b, [b.shape[1] ?? 0])];
  for (const part of partsOf(b)) {
    const cols = transposeB ? part.rows : outputs;
    const tiling = tilingFor(recorder.features, { rows, cols });
    recorder.dispatch({
      kernel,
      preludes: [...tiling.enables, activationType(a.dtype), grid, ...operands, tiling.prelude],
      reads: { left: a, right: part },
      writes: { out },
      numbers: {
        rows,
        cols,
        inner,
        first_col: part.firstRow,
        right_scales: part.scales,
        outputs,
        transpose_right: transposeB ? 1 : 0,
      },
      groups: Math.ceil(rows / tiling.rows) * Math.ceil(cols / tiling.cols),
    });
  }
};
