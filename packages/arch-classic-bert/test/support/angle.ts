/** The largest 1 − cosine over pairs of vectors; NaN if any value is NaN. */
export function farthestAngle(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  const dot = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, value, i) => sum + value * (y[i] ?? Number.NaN), 0);
  const angles = a.map((x, i) => {
    const y = b[i] ?? new Float32Array();
    return 1 - dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  });
  return Math.max(...angles);
}
