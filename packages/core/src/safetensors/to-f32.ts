import type { WeightView } from "../weights.js";

/**
 * The values of a tensor as f32, in memory of their own. f16, bf16 and i8 are converted exactly, including −0 and the
 * payloads of NaN. i8 with scales is multiplied by the scale of its row and rounded once. i32 and i64 are rounded to
 * nearest even.
 */
export function toF32(view: WeightView): Float32Array {
  // `new Uint8Array` copies; `slice` of a Node Buffer would not.
  const { buffer } = new Uint8Array(view.bytes());
  switch (view.dtype) {
    case "f32":
      return new Float32Array(buffer);
    case "f16":
      return widen(new Uint16Array(buffer), halfToSingle);
    case "bf16":
      return widen(new Uint16Array(buffer), (bits) => bits << 16);
    case "i8":
      return scaled(new Int8Array(buffer), view.scales);
    case "i32":
      return Float32Array.from(new Int32Array(buffer));
    case "i64":
      return Float32Array.from(new BigInt64Array(buffer), Number);
    default:
      return view.dtype satisfies never;
  }
}

/** Multiplies each row by its scale. Without scales the values are returned as they are. */
function scaled(values: Int8Array, scales: WeightView | undefined): Float32Array {
  const floats = Float32Array.from(values);
  if (!scales) return floats;
  const factors = toF32(scales);
  const cols = floats.length / factors.length;
  factors.forEach((factor, row) => {
    for (let i = row * cols; i < (row + 1) * cols; i++) floats[i] = (floats[i] as number) * factor;
  });
  return floats;
}

/** Maps 16-bit patterns to 32-bit patterns. All arithmetic is on integers, which keeps the payloads of NaN. */
function widen(halves: Uint16Array, toBits: (half: number) => number): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = toBits(halves[i] ?? 0);
  return new Float32Array(bits.buffer);
}

/** IEEE 754 binary16 → binary32: 1 sign, 5 exponent (bias 15), 10 fraction bits → 1, 8 (bias 127), 23. */
function halfToSingle(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent !== 0) return sign | ((exponent + 127 - 15) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Subnormal: shift the leading one to bit 10, which is that of the implicit one.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((127 - 14 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}
