// Dot products for NEON, by sdot if the CPU has it, else by smlal. Only runtime/dot.h includes it.
#pragma once

#include "runtime/simd.h"

namespace ripvec::RIPVEC_ISA {

using Sums = int32x4_t;

RIPVEC_INLINE Sums scaled(const int32_t* p, int32_t n) { return vmulq_n_s32(vld1q_s32(p), n); }
RIPVEC_INLINE V to_floats(Sums sums) { return vcvtq_f32_s32(sums); }
RIPVEC_INLINE int16x4_t low_words(V whole) { return vmovn_s32(vcvtq_s32_f32(whole)); }
RIPVEC_INLINE void store_bytes(void* p, V whole) {
  const int16x4_t words = low_words(whole);
  const int8x8_t bytes = vmovn_s16(vcombine_s16(words, words));
  memcpy(p, &bytes, kLanes);
}

#if RIPVEC_ID == RIPVEC_ID_neon_dot
using Left = int8_t;
using Group = int8x16_t;
constexpr int kGroup = 4;
RIPVEC_INLINE int32_t stored_zero(int32_t zero_point) { return zero_point - 128; }
RIPVEC_INLINE void store_left(Left* p, V whole) { store_bytes(p, whole); }
RIPVEC_INLINE Group load_group(const int8_t* p) { return vld1q_s8(p); }
RIPVEC_INLINE Group splat_group(const Left* p) {
  int32_t group;
  memcpy(&group, p, sizeof group);
  return vreinterpretq_s8_s32(vdupq_n_s32(group));
}
RIPVEC_INLINE Sums dot(Sums sums, Group left, Group right) { return vdotq_s32(sums, left, right); }
#else
using Left = int16_t;
using Group = int16x4_t;
constexpr int kGroup = 1;
RIPVEC_INLINE int32_t stored_zero(int32_t) { return 0; }
RIPVEC_INLINE void store_left(Left* p, V whole) { vst1_s16(p, low_words(whole)); }
RIPVEC_INLINE Group load_group(const int8_t* p) {
  int32_t four;
  memcpy(&four, p, sizeof four);
  return vget_low_s16(vmovl_s8(vreinterpret_s8_s32(vdup_n_s32(four))));
}
RIPVEC_INLINE Group splat_group(const Left* p) { return vdup_n_s16(*p); }
RIPVEC_INLINE Sums dot(Sums sums, Group left, Group right) { return vmlal_s16(sums, left, right); }
#endif

}  // namespace ripvec::RIPVEC_ISA
