const twoOverSqrtPi = 2 / Math.sqrt(Math.PI);

/** 1 − erf(x), with a relative error of about 1e-15, also in the tails. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x < 0) return 2 - erfc(-x);
  if (x < 2.5) return 1 - series(x);
  return x > 27.3 ? 0 : continuedFraction(x);
}

/** erf(x), with an error of about 1e-15. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x < 0) return -erf(-x);
  return x < 2.5 ? series(x) : 1 - erfc(x);
}

/** erf(x) = 2/√π · exp(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)). For x ≥ 0 all terms have the same sign, so nothing cancels. */
function series(x: number): number {
  const square = x * x;
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * square) / (2 * n + 1);
    sum += term;
  }
  return twoOverSqrtPi * Math.exp(-square) * sum;
}

/** erfc(x) = exp(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))), evaluated from the far end. */
function continuedFraction(x: number): number {
  let tail = x;
  for (let n = 120; n > 0; n--) tail = x + n / 2 / tail;
  return ((twoOverSqrtPi / 2) * Math.exp(-x * x)) / tail;
}
