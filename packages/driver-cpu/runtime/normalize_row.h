// One row of LayerNorm (Ba et al. 2016): (x − mean) / √(var + eps) · weight + bias.
//
// The row takes two passes: the mean first, then the mean of squared deviations. Each sum is kept
// in four interleaved vectors, which are reduced in one fixed order, so that it depends only on the
// row and its length.
#pragma once

#include "runtime/simd.h"

namespace ripvec::RIPVEC_ISA {

/** Σ f(x[i]) over a row. f gets a vector and the number of its valid lanes. */
template <class F>
RIPVEC_INLINE float sum_row(const float* x, int64_t n, const F& f) {
  V sums[4] = {zero(), zero(), zero(), zero()};
  int64_t i = 0;
  for (; i + 4 * kLanes <= n; i += 4 * kLanes) {
    for (int u = 0; u < 4; u++) sums[u] = add(sums[u], f(load(x + i + u * kLanes), kLanes));
  }
  for (int u = 0; i < n; i += kLanes, u++) {
    const int64_t left = n - i < kLanes ? n - i : kLanes;
    sums[u] = add(sums[u], f(load_n(x + i, left), left));
  }
  return sum(add(add(sums[0], sums[1]), add(sums[2], sums[3])));
}

/** out may be x; bias may be null. */
RIPVEC_INLINE void normalize_row(const float* x, const float* weight, const float* bias, float* out,
                                 int64_t n, float eps) {
  const float count = static_cast<float>(n);
  const V mean = splat(sum_row(x, n, [](V v, int64_t) { return v; }) / count);
  const float squares = sum_row(x, n, [&](V v, int64_t lanes) {
    const V valid = lanes == kLanes
                        ? mean
                        : select(lt(lane_index(), splat(static_cast<float>(lanes))), mean, zero());
    const V deviation = sub(v, valid);
    return mul(deviation, deviation);
  });
  const V factor = div(splat(1.0f), sqrt(splat(squares / count + eps)));
  for (int64_t i = 0; i < n; i += kLanes) {
    const int64_t left = n - i;
    if (left >= kLanes) {
      const V y = mul(mul(sub(load(x + i), mean), factor), load(weight + i));
      store(out + i, bias ? add(y, load(bias + i)) : y);
    } else {
      const V y = mul(mul(sub(load_n(x + i, left), mean), factor), load_n(weight + i, left));
      store_n(out + i, bias ? add(y, load_n(bias + i, left)) : y, left);
    }
  }
}

}  // namespace ripvec::RIPVEC_ISA
