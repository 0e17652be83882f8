import { dot } from "./dot.js";
import type { Reference } from "./host-args.js";

/** Does not write the elements of out between its matrices. */
export const gemm_batched: Reference<"gemm_batched"> = (args) => {
  const { a, b, batch, m, n, k, transposeB, strideA, strideB, strideOut, out } = args;
  for (let g = 0; g < batch; g++) {
    for (let i = 0; i < m; i++) {
      const left = { data: a.data, start: g * strideA + i * k, step: 1 };
      for (let j = 0; j < n; j++) {
        const right = transposeB ? { start: j * k, step: 1 } : { start: j, step: n };
        const start = g * strideB + right.start;
        const at = g * strideOut + i * n + j;
        dot(out, at, left, { data: b.data, start, step: right.step }, k);
      }
    }
  }
};
