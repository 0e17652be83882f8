// Vectors of 4 lanes for NEON (AArch64). Only runtime/simd.h includes this.
#pragma once

#include <arm_neon.h>

#include "runtime/isa.h"

namespace ripvec::RIPVEC_ISA {

using V = float32x4_t;
using M = uint32x4_t;
constexpr int kLanes = 4;
// 8 × 2 accumulators cover 4 pipes × 4 cycles of latency; ten loads serve sixteen products.
constexpr int kTileRows = 8;
constexpr int kTileVectors = 2;

RIPVEC_INLINE V load(const float* p) { return vld1q_f32(p); }
RIPVEC_INLINE void store(float* p, V v) { vst1q_f32(p, v); }
RIPVEC_INLINE V load_n(const float* p, int64_t n) {
  float lanes[kLanes] = {};
  for (int64_t i = 0; i < n; i++) lanes[i] = p[i];
  return load(lanes);
}
RIPVEC_INLINE void store_n(float* p, V v, int64_t n) {
  float lanes[kLanes];
  store(lanes, v);
  for (int64_t i = 0; i < n; i++) p[i] = lanes[i];
}

RIPVEC_INLINE V splat(float x) { return vdupq_n_f32(x); }
RIPVEC_INLINE V zero() { return vdupq_n_f32(0.0f); }
RIPVEC_INLINE V lane_index() {
  const float lanes[kLanes] = {0, 1, 2, 3};
  return load(lanes);
}

RIPVEC_INLINE V add(V a, V b) { return vaddq_f32(a, b); }
RIPVEC_INLINE V sub(V a, V b) { return vsubq_f32(a, b); }
RIPVEC_INLINE V mul(V a, V b) { return vmulq_f32(a, b); }
RIPVEC_INLINE V div(V a, V b) { return vdivq_f32(a, b); }
RIPVEC_INLINE V fma(V a, V b, V c) { return vfmaq_f32(c, a, b); }
RIPVEC_INLINE V sqrt(V a) { return vsqrtq_f32(a); }
RIPVEC_INLINE V abs(V a) { return vabsq_f32(a); }
RIPVEC_INLINE V max(V a, V b) { return vmaxq_f32(a, b); }
RIPVEC_INLINE V min(V a, V b) { return vminq_f32(a, b); }
RIPVEC_INLINE V clamp(V x, float lo, float hi) {
  return vminq_f32(splat(hi), vmaxq_f32(splat(lo), x));
}

RIPVEC_INLINE M lt(V a, V b) { return vcltq_f32(a, b); }
RIPVEC_INLINE M eq(V a, V b) { return vceqq_f32(a, b); }
RIPVEC_INLINE bool all(M m) { return vminvq_u32(m) == 0xffffffffu; }
RIPVEC_INLINE V select(M m, V yes, V no) { return vbslq_f32(m, yes, no); }

RIPVEC_INLINE V round(V a) { return vrndnq_f32(a); }
RIPVEC_INLINE V power_of_two(int32x4_t n) {
  return vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(n, vdupq_n_s32(127)), 23));
}
RIPVEC_INLINE V scale(V x, V n) {
  const int32x4_t whole = vcvtq_s32_f32(n);
  const int32x4_t half = vshrq_n_s32(whole, 1);
  return mul(mul(x, power_of_two(half)), power_of_two(vsubq_s32(whole, half)));
}

RIPVEC_INLINE V from_f16(const void* p) {
  uint16_t halves[kLanes];
  memcpy(halves, p, sizeof halves);
  return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(halves)));
}
RIPVEC_INLINE V from_bf16(const void* p) {
  uint16_t halves[kLanes];
  memcpy(halves, p, sizeof halves);
  return vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(halves), 16));
}
RIPVEC_INLINE V from_i8(const void* p) {
  int32_t four;
  memcpy(&four, p, sizeof four);
  const int16x8_t words = vmovl_s8(vreinterpret_s8_s32(vdup_n_s32(four)));
  return vcvtq_f32_s32(vmovl_s16(vget_low_s16(words)));
}

RIPVEC_INLINE void to_f16(void* p, V v) {
  const float16x4_t halves = vcvt_f16_f32(v);
  memcpy(p, &halves, sizeof halves);
}
RIPVEC_INLINE void to_bf16(void* p, V v) {
  const uint32x4_t bits = vreinterpretq_u32_f32(v), high = vshrq_n_u32(bits, 16);
  const uint32x4_t half_up = vaddq_u32(vandq_u32(high, vdupq_n_u32(1)), vdupq_n_u32(0x7fff));
  const uint32x4_t rounded = vshrq_n_u32(vaddq_u32(bits, half_up), 16);
  const uint32x4_t quiet = vorrq_u32(high, vdupq_n_u32(0x40));
  const uint16x4_t halves = vmovn_u32(vbslq_u32(eq(v, v), rounded, quiet));
  memcpy(p, &halves, sizeof halves);
}

RIPVEC_INLINE float sum(V v) { return vaddvq_f32(v); }
RIPVEC_INLINE float max_lane(V v) { return vmaxvq_f32(v); }

/** Lane j of row i becomes lane i of row j. */
RIPVEC_INLINE void transpose(V (&rows)[kLanes]) {
  const float64x2_t a = vreinterpretq_f64_f32(vzip1q_f32(rows[0], rows[1]));
  const float64x2_t b = vreinterpretq_f64_f32(vzip2q_f32(rows[0], rows[1]));
  const float64x2_t c = vreinterpretq_f64_f32(vzip1q_f32(rows[2], rows[3]));
  const float64x2_t d = vreinterpretq_f64_f32(vzip2q_f32(rows[2], rows[3]));
  rows[0] = vreinterpretq_f32_f64(vzip1q_f64(a, c));
  rows[1] = vreinterpretq_f32_f64(vzip2q_f64(a, c));
  rows[2] = vreinterpretq_f32_f64(vzip1q_f64(b, d));
  rows[3] = vreinterpretq_f32_f64(vzip2q_f64(b, d));
}

}  // namespace ripvec::RIPVEC_ISA
