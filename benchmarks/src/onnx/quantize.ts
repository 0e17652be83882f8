/** A matrix in 8 bits that approximates values · scales[column]. */
export interface QuantizedMatrix {
  readonly values: Int8Array;
  /** One scale for each column. */
  readonly scales: Float32Array;
}

const largest = 127;

/**
 * Symmetric quantisation per column of data [rows, columns]: scale = max|w| / 127, ties to even.
 */
export function quantizeColumns(data: Float32Array, columns: number): QuantizedMatrix {
  const scales = new Float32Array(columns);
  data.forEach((value, i) => {
    scales[i % columns] = Math.max(scales[i % columns] ?? 0, Math.abs(value) / largest);
  });
  const values = Int8Array.from(data, (value, i) => rounded(value, scales[i % columns] ?? 0));
  return { values, scales };
}

/** Symmetric quantisation with one scale. */
export function quantizeTensor(data: Float32Array): { values: Int8Array; scale: number } {
  const scale = Math.fround(
    data.reduce((max, value) => Math.max(max, Math.abs(value)), 0) / largest,
  );
  return { values: Int8Array.from(data, (value) => rounded(value, scale)), scale };
}

function rounded(value: number, scale: number): number {
  if (scale === 0) return 0;
  const exact = value / scale;
  const floor = Math.floor(exact);
  const nearest = exact - floor === 0.5 ? floor + (floor % 2) : Math.round(exact);
  return Math.max(-largest, Math.min(largest, nearest));
}
