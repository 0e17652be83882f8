import text from "../../ops/gemm_batched.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { leftOperand, rightOperand, tilingFor } from "../matmul.js";
import { activationType, grid } from "../preludes.js";
import { wgsl } from "../shader.js";
import { placeOf } from "../storage.js";

const kernel = wgsl("gemm_batched", text);

export const gemm_batched: Launcher<"gemm_batched"> = (recorder, args) => {
  const { a, b, batch, m, n, k, transposeB, strideA, strideB, strideOut, out } = args;
  const left = leftOperand(placeOf(a), [k, strideA]);
  const right = rightOperand(b, [transposeB ? k : n, strideB]);
  const tiling = tilingFor(recorder.features, { rows: m, cols: n, batch });
  recorder.dispatch({
    kernel,
    preludes: [...tiling.enables, activationType(a.dtype), grid, left, ...right, tiling.prelude],
    reads: { left: a, right: b },
    writes: { out },
    numbers: {
      rows: m,
      cols: n,
      inner: k,
      stride_left: strideA,
      stride_right: strideB,
      stride_out: strideOut,
      transpose_right: transposeB ? 1 : 0,
      batch,
    },
    groups: batch * Math.ceil(m / tiling.rows) * Math.ceil(n / tiling.cols),
  });
};
