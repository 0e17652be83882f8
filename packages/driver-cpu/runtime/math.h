// Elementary functions on vectors. The polynomials are minimax fits. The errors are the largest
// that were measured over the whole range in f32 with fused multiply-add; the portable set has
// about twice these errors.
#pragma once

#include "runtime/kernels.h"
#include "runtime/simd.h"

namespace ripvec::RIPVEC_ISA {

constexpr float kLog2E = 1.442695041f;

/**
 * eˣ, relative error ≤ 2e-7 (absolute 1e-45 if subnormal). exp(−∞) = 0, exp(∞) = ∞, exp(NaN) = NaN.
 * x = n·ln 2 + r with |r| ≤ ln 2 / 2; a polynomial of degree 6 computes eʳ, which is scaled by 2ⁿ.
 */
RIPVEC_INLINE V exp(V x) {
  x = clamp(x, -105.0f, 89.0f);
  const V n = round(mul(x, splat(kLog2E)));
  // ln 2 is split into two parts. n has at most 8 bits, so n · 0.693359375 is exact.
  V r = fma(n, splat(-0.693359375f), x);
  r = fma(n, splat(2.12194440e-4f), r);
  V p = splat(1.381453942e-03f);
  p = fma(p, r, splat(8.368745446e-03f));
  p = fma(p, r, splat(4.166838899e-02f));
  p = fma(p, r, splat(1.666652113e-01f));
  p = fma(p, r, splat(4.999999404e-01f));
  p = fma(p, r, splat(1.0f));
  p = fma(p, r, splat(1.0f));
  return scale(p, n);
}

/**
 * 2ˣ, relative error ≤ 2e-7, with 2⁰ = 1 exactly. Infinities and NaN have the results of `exp`.
 * It saves the multiplication and the two-part reduction by ln 2 of `exp`.
 */
RIPVEC_INLINE V exp2(V x) {
  x = clamp(x, -151.0f, 129.0f);
  const V n = round(x);
  const V r = sub(x, n);
  V p = splat(1.326471334e-03f);
  p = fma(p, r, splat(9.671523236e-03f));
  p = fma(p, r, splat(5.550733954e-02f));
  p = fma(p, r, splat(2.402224243e-01f));
  p = fma(p, r, splat(6.931470037e-01f));
  p = fma(p, r, splat(1.0f));
  return scale(p, n);
}

/** tanh x, relative error ≤ 4e-7: x · P(x²) / Q(x²) for |x| < 9, else ±1. */
RIPVEC_INLINE V tanh(V x) {
  const V y = clamp(x, -9.0f, 9.0f);
  const V t = mul(y, y);
  V p = splat(-1.220353939e-11f);
  p = fma(p, t, splat(3.058512732e-08f));
  p = fma(p, t, splat(2.800750190e-05f));
  p = fma(p, t, splat(3.868330037e-03f));
  p = fma(p, t, splat(1.367991716e-01f));
  p = fma(p, t, splat(1.0f));
  V q = splat(1.287369628e-06f);
  q = fma(q, t, splat(3.938635055e-04f));
  q = fma(q, t, splat(2.724584751e-02f));
  q = fma(q, t, splat(4.701324999e-01f));
  q = fma(q, t, splat(1.0f));
  const V ratio = div(mul(y, p), q);
  return clamp(ratio, -1.0f, 1.0f);
}

/**
 * x·Φ(x), absolute error ≤ 2e-7 for x < 2 and relative error ≤ 1e-6 for x ≥ −2.
 * Φ(−a) = S(a)⁻⁸ with a polynomial S of degree 9, fitted for a·Φ(−a). The eighth power overflows to
 * infinity long before S changes its sign, so gelu(−large) = −0, gelu(∞) = ∞, gelu(−∞) = NaN.
 */
RIPVEC_INLINE V gelu_erf(V x) {
  const V a = abs(x);
  V s = splat(3.984811485e-07f);
  s = fma(s, a, splat(-2.563699354e-06f));
  s = fma(s, a, splat(1.594989590e-05f));
  s = fma(s, a, splat(-1.757705263e-06f));
  s = fma(s, a, splat(3.187695111e-04f));
  s = fma(s, a, splat(8.592160884e-04f));
  s = fma(s, a, splat(9.494918399e-03f));
  s = fma(s, a, splat(4.880480096e-02f));
  s = fma(s, a, splat(1.087632775e-01f));
  s = fma(s, a, splat(1.090507746e+00f));
  s = mul(s, s);
  s = mul(s, s);
  s = mul(s, s);
  const V below = div(splat(1.0f), s);
  return mul(x, select(lt(x, zero()), below, sub(splat(1.0f), below)));
}

/** x / (1 + e⁻ᶻ), which is x · sigmoid(z). */
RIPVEC_INLINE V times_sigmoid(V x, V z) { return div(x, add(splat(1.0f), exp(sub(zero(), z)))); }

/** x/2 · (1 + tanh(z)) with z = √(2/π)·(x + 0.044715 x³), computed as x · sigmoid(2z). */
RIPVEC_INLINE V gelu_tanh(V x) {
  const V cubic =
      fma(mul(x, x), splat(2.0f * 0.7978845608f * 0.044715f), splat(2.0f * 0.7978845608f));
  return times_sigmoid(x, mul(x, cubic));
}

template <GeluForm kActivation>
RIPVEC_INLINE V activate(V x) {
  if constexpr (kActivation == GeluForm::erf) return gelu_erf(x);
  if constexpr (kActivation == GeluForm::tanh) return gelu_tanh(x);
  return x;
}

}  // namespace ripvec::RIPVEC_ISA
