// Dot products for any CPU. Only runtime/dot.h includes this.
#pragma once

#include "runtime/simd.h"

namespace ripvec::RIPVEC_ISA {

using Left = int16_t;
constexpr int kGroup = 2;
struct Sums {
  int32_t lane[kLanes];
};
struct Group {
  int16_t lane[kLanes * kGroup];
};

RIPVEC_INLINE int32_t stored_zero(int32_t) { return 0; }
RIPVEC_INLINE Sums scaled(const int32_t* p, int32_t n) {
  Sums sums;
  for (int i = 0; i < kLanes; i++) sums.lane[i] = p[i] * n;
  return sums;
}
RIPVEC_INLINE V to_floats(Sums sums) {
  V v = zero();
  for (int i = 0; i < kLanes; i++) v[i] = static_cast<float>(sums.lane[i]);
  return v;
}
RIPVEC_INLINE void store_bytes(void* p, V whole) {
  int8_t bytes[kLanes];
  for (int i = 0; i < kLanes; i++) bytes[i] = static_cast<int8_t>(whole[i]);
  memcpy(p, bytes, sizeof bytes);
}
RIPVEC_INLINE void store_left(Left* p, V whole) {
  for (int i = 0; i < kLanes; i++) p[i] = static_cast<int16_t>(whole[i]);
}
RIPVEC_INLINE Group load_group(const int8_t* p) {
  Group group;
  for (int i = 0; i < kLanes * kGroup; i++) group.lane[i] = p[i];
  return group;
}
RIPVEC_INLINE Group splat_group(const Left* p) {
  Group group;
  for (int i = 0; i < kLanes * kGroup; i++) group.lane[i] = p[i % kGroup];
  return group;
}
RIPVEC_INLINE Sums dot(Sums sums, Group left, Group right) {
  for (int i = 0; i < kLanes; i++) {
    sums.lane[i] += left.lane[2 * i] * right.lane[2 * i];
    sums.lane[i] += left.lane[2 * i + 1] * right.lane[2 * i + 1];
  }
  return sums;
}

}  // namespace ripvec::RIPVEC_ISA
