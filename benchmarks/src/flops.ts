/** The dimensions of an encoder that determine its multiply-adds. */
export interface EncoderShape {
  readonly layers: number;
  readonly hidden: number;
  readonly intermediate: number;
}

/**
 * Floating point operations for texts of these lengths, with two for each multiply-add: per layer
 * and token 2 · (4 · hidden² + 2 · hidden · intermediate), and per layer and text 4 · length² ·
 * hidden for Q·Kᵀ and P·V.
 */
export function flopsOf(
  { layers, hidden, intermediate }: EncoderShape,
  lengths: readonly number[],
): number {
  const perToken = 2 * (4 * hidden * hidden + 2 * hidden * intermediate);
  return lengths.reduce(
    (sum, length) => sum + layers * (perToken * length + 4 * length * length * hidden),
    0,
  );
}
