/** A matrix [rows, cols] in 8 bits: element [r, c] is about `values[r · cols + c] · scales[r]`. */
export interface QuantizedRows {
  /** [rows · cols], in −127 … 127. */
  readonly values: Int8Array;
  /** [rows] */
  readonly scales: Float32Array;
}

/** The smallest normal f32, so that even a row of zeros has a scale whose reciprocal is finite. */
const smallestScale = 2 ** -126;

/**
 * Quantises each row of [rows, cols] to 255 steps around 0. All arithmetic is f32. Every driver follows this rule:
 *
 *     scale = max(max |w| / 127, 2⁻¹²⁶)
 *     value = clamp(round to nearest even(w · (1 / scale)), −127, 127)
 *
 * The values must be finite. If the largest magnitude of a row is so close to the largest f32 that 127 · scale rounds to
 * infinity, that element is read back as infinity.
 */
export function quantizeRows(weights: Float32Array, rows: number): QuantizedRows {
  const cols = rows === 0 ? 0 : weights.length / rows;
  const values = new Int8Array(weights.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const from = row * cols;
    const scale = scaleOf(weights, from, from + cols);
    const inverse = Math.fround(1 / scale);
    scales[row] = scale;
    for (let i = from; i < from + cols; i++) {
      const steps = roundToEven(Math.fround((weights[i] as number) * inverse));
      values[i] = Math.max(-127, Math.min(127, steps));
    }
  }
  return { values, scales };
}

function scaleOf(weights: Float32Array, from: number, to: number): number {
  let largest = 0;
  for (let i = from; i < to; i++) largest = Math.max(largest, Math.abs(weights[i] as number));
  return Math.max(Math.fround(largest / 127), smallestScale);
}

/** 1.5 · 2⁵². Adding it to a number below 2⁵¹ rounds that number to a whole number, ties to even. */
const shift = 1.5 * 2 ** 52;

function roundToEven(value: number): number {
  return value + shift - shift;
}
