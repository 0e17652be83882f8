import type { Ops } from "../ops.js";
import type { Tensor } from "../tensor.js";

/** One head of x [batch, heads, seqLen, headDim] with window / 2 rows of zeros before its first and after its last row. */
export function padHead(ops: Ops, x: Tensor, head: number, window: number): Tensor {
  const [, , seqLen = 0, headDim = 0] = x.shape;
  const padded = ops.allocZeroed(x.dtype, [seqLen + window, headDim]);
  const size = [seqLen, headDim];
  ops.copy({
    x: ops.slice(x, head * seqLen * headDim, size),
    out: ops.slice(padded, (window / 2) * headDim, size),
  });
  return padded;
}
