import { scaleName, type WeightView, weightView } from "@ripvec/core/driver";

/** A tensor [rows, cols] in 8 bits with the scales of its rows, in memory. */
export function eightBitView(name: string, values: Int8Array, scales: Float32Array): WeightView {
  const rows = scales.length;
  return {
    name,
    dtype: "i8",
    shape: [rows, values.length / rows],
    byteLength: values.byteLength,
    scales: weightView(scaleName(name), [rows, 1], scales),
    bytes: () => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  };
}
