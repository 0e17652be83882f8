import type { Reference } from "./host-args.js";

/**
 * Roundings of x and of the mean are relative to the largest |x| of the row, and are divided by the deviation in the
 * result.
 */
export const layer_norm: Reference<"layer_norm"> = ({ x, weight, bias, eps, out }) => {
  const [rows = 0, cols = 0] = x.shape;
  for (let r = 0; r < rows; r++) {
    const row = x.data.subarray(r * cols, (r + 1) * cols);
    const mean = row.reduce((sum, value) => sum + value, 0) / cols;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cols;
    const deviation = Math.sqrt(variance + eps);
    const largest = row.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    row.forEach((value, c) => {
      const gain = (weight.data[c] as number) / deviation;
      const offset = bias ? (bias.data[c] as number) : 0;
      out.data[r * cols + c] = (value - mean) * gain + offset;
      out.magnitude[r * cols + c] = largest * Math.abs(gain) + Math.abs(offset);
    });
  }
};
