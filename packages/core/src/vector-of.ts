/** A copy of the first `dim` values of a row, scaled to length 1 if `normalize` is true. */
export function vectorOf(
  row: Float32Array,
  { dim, normalize }: { readonly dim: number; readonly normalize: boolean },
): Float32Array {
  const vector = row.slice(0, dim);
  if (!normalize) return vector;
  const squares = vector.reduce((sum, value) => sum + value * value, 0);
  const length = Math.max(Math.sqrt(squares), 1e-12);
  return vector.map((value) => value / length);
}
