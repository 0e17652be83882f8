// Rotary position embedding of one head (Su et al. 2021), in the variant that pairs element d with
// element d + half.
#pragma once

#include "runtime/simd.h"

namespace ripvec::RIPVEC_ISA {

/** (a, b) → (a·cos − b·sin, b·cos + a·sin) for a = x[d], b = x[d + half]; out may be x. */
RIPVEC_INLINE void rotate(const float* x, const float* cos, const float* sin, float* out,
                          int64_t half) {
  for (int64_t d = 0; d < half; d += kLanes) {
    const int64_t left = half - d < kLanes ? half - d : kLanes;
    const bool whole = left == kLanes;
    const V a = whole ? load(x + d) : load_n(x + d, left);
    const V b = whole ? load(x + half + d) : load_n(x + half + d, left);
    const V c = whole ? load(cos + d) : load_n(cos + d, left);
    const V s = whole ? load(sin + d) : load_n(sin + d, left);
    const V first = sub(mul(a, c), mul(b, s));
    const V second = add(mul(b, c), mul(a, s));
    if (whole) {
      store(out + d, first);
      store(out + half + d, second);
    } else {
      store_n(out + d, first, left);
      store_n(out + half + d, second, left);
    }
  }
}

}  // namespace ripvec::RIPVEC_ISA
