export interface Product {
  /** [m, k] */
  a: Float32Array;
  /** [k, n], or [n, k] when `transposeB` */
  b: Float32Array;
  /** [m, n] */
  out: Float32Array;
  m: number;
  n: number;
  k: number;
  transposeB: boolean;
}

/** out = a · b. Every sum is computed in f64, in order, so it depends only on its own row. */
export function multiply({ a, b, out, m, n, k, transposeB }: Product): void {
  const rowStride = transposeB ? k : 1;
  const stepStride = transposeB ? 1 : n;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) {
        sum += (a[i * k + p] as number) * (b[j * rowStride + p * stepStride] as number);
      }
      out[i * n + j] = sum;
    }
  }
}
