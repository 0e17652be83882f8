import type { EightBitRows } from "../numbers/kept-weights.js";

/** A row in 8 bits: element k is approximately `(values[k] − zero) · scale`. */
export interface EightBitRow {
  /** Integers in 0 … 255. */
  readonly values: Uint8Array;
  /** (largest − smallest) / 255, where 0 counts as an element; NaN when an element is not finite. */
  readonly scale: number;
  /** The integer that represents 0. */
  readonly zero: number;
}

export function eightBitRow(row: Float32Array): EightBitRow {
  const smallest = row.reduce((min, value) => Math.min(min, value), 0);
  const largest = row.reduce((max, value) => Math.max(max, value), 0);
  const range = largest - smallest;
  if (!Number.isFinite(range)) return { values: new Uint8Array(row.length), scale: NaN, zero: 0 };
  if (range === 0) return { values: new Uint8Array(row.length), scale: 0, zero: 0 };
  const scale = range / 255;
  const zero = Math.round(-smallest / scale);
  const inRange = (value: number) => Math.max(0, Math.min(255, value));
  const values = Uint8Array.from(row, (value) => inRange(Math.round(value / scale) + zero));
  return { values, scale, zero };
}

/**
 * out [m, n] = a [m, k] · weightᵀ. Each row of a is quantised separately. The sums are sums of
 * integers, which are exact.
 */
export function multiplyEightBit({
  a,
  weight,
  out,
  k,
}: {
  a: Float32Array;
  weight: EightBitRows;
  out: Float32Array;
  k: number;
}): void {
  const n = weight.scales.length;
  for (let i = 0; i * n < out.length; i++) {
    const { values, scale, zero } = eightBitRow(a.subarray(i * k, (i + 1) * k));
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) {
        sum += ((values[p] as number) - zero) * (weight.values[j * k + p] as number);
      }
      out[i * n + j] = sum * scale * (weight.scales[j] as number);
    }
  }
}
