import type { Kernel } from "../kernel.js";
import { multiply } from "../multiply.js";
import { multiplyEightBit } from "../multiply-eight-bit.js";

export const gemm: Kernel<"gemm"> = ({ a, b, transposeB, out }) => {
  const [m = 0, k = 0] = a.shape;
  const n = out.shape[1] as number;
  if (b.eightBit) multiplyEightBit({ a: a.data, weight: b.eightBit, out: out.data, k });
  else multiply({ a: a.data, b: b.data, out: out.data, m, n, k, transposeB });
};
