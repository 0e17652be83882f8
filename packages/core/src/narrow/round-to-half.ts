export interface RoundedHalves {
  /** The rounded values, as 16-bit patterns. */
  readonly patterns: Uint16Array;
  /** Index of the first finite value that rounds to infinity; −1 when there is none. */
  readonly overflow: number;
}

/** Rounds to nearest even. */
export function roundToHalf(values: Float32Array, format: "f16" | "bf16"): RoundedHalves {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const patterns = new Uint16Array(values.length);
  const round = format === "f16" ? toF16 : toBf16;
  const infinity = format === "f16" ? 0x7c00 : 0x7f80;
  let overflow = -1;
  for (let i = 0; i < bits.length; i++) {
    const pattern = round(bits[i] as number);
    patterns[i] = pattern;
    if ((pattern & 0x7fff) !== infinity || overflow !== -1) continue;
    if (Number.isFinite(values[i])) overflow = i;
  }
  return { patterns, overflow };
}

/** Bits of an f32 to those of a bf16, which is the upper half of an f32. */
function toBf16(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** Bits of an f32 to those of an f16: 1 sign, 5 exponent, 10 fraction bits. */
function toF16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const rest = bits & 0x7fffffff;
  if (rest > 0x7f800000) return sign | 0x7e00;
  if (rest >= 0x47800000) return sign | 0x7c00;
  if (rest < 0x33000000) return sign;
  const exponent = rest >>> 23;
  /** The fraction with its leading one. Below 2⁻¹⁴ the result has one bit less for each power of 2. */
  const fraction = (rest & 0x7fffff) | 0x800000;
  const shift = 13 + Math.max(0, 113 - exponent);
  const kept = fraction >>> shift;
  const lost = fraction & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  const up = lost > half || (lost === half && (kept & 1) === 1) ? 1 : 0;
  const base = exponent < 113 ? 0 : (exponent - 113) << 10;
  return sign | (base + kept + up);
}
