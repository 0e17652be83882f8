const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

function bitsOf(value: number): number {
  float[0] = value;
  return bits[0] as number;
}

/** Value of an IEEE half-precision pattern; exact. */
export function f16ToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Pattern of the half nearest to the f32 `value`, ties to even. */
export function numberToF16(value: number): number {
  const word = bitsOf(value);
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  const absolute = Math.abs(Math.fround(value));
  if (absolute >= firstBeyondF16) return sign | 0x7c00;
  if (absolute < 2 ** -14) return sign | roundToEven(absolute * 2 ** 24);
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded >>> 13) - (112 << 10));
}

/** The smallest positive number that rounds to infinity in f16, whose largest number is 65,504. */
const firstBeyondF16 = 65520;

/** Whether an op with f16 activations stores NaN for this result: it is finite, and f16 cannot hold it. */
export function isBeyondF16(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) >= firstBeyondF16;
}

/** Pattern that an op stores for the f32 `value` of an activation. */
export function activationToF16(value: number): number {
  return numberToF16(isBeyondF16(value) ? Number.NaN : value);
}

/** Value of a bfloat16 pattern; exact. */
export function bf16ToNumber(pattern: number): number {
  bits[0] = pattern << 16;
  return float[0] as number;
}

/** Pattern of the bfloat16 nearest to the f32 `value`, ties to even. */
export function numberToBf16(value: number): number {
  const word = bitsOf(value);
  if ((word & 0x7fffffff) > 0x7f800000) return ((word >>> 16) & 0x8000) | 0x7fc0;
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}

/** The whole number nearest to `value`; of two that are equally near, the even one. */
export function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
