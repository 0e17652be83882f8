// Vectors of 4 lanes for any CPU. GCC and Clang map them to the baseline vectors of the CPU; other
// compilers use plain arrays. Only runtime/simd.h includes this.
#pragma once

#include "runtime/half.h"

namespace ripvec::RIPVEC_ISA {

constexpr int kLanes = 4;
// 4 × 2 accumulators leave room for b, a broadcast and a product in 16 registers.
constexpr int kTileRows = 4;
constexpr int kTileVectors = 2;

#if defined(__GNUC__)
typedef float V __attribute__((vector_size(16)));
typedef int32_t M __attribute__((vector_size(16)));
RIPVEC_INLINE V add(V a, V b) { return a + b; }
RIPVEC_INLINE V sub(V a, V b) { return a - b; }
RIPVEC_INLINE V mul(V a, V b) { return a * b; }
RIPVEC_INLINE V div(V a, V b) { return a / b; }
RIPVEC_INLINE M lt(V a, V b) { return a < b; }
RIPVEC_INLINE M eq(V a, V b) { return a == b; }
RIPVEC_INLINE V select(M m, V yes, V no) { return m ? yes : no; }
#else
template <class T>
struct Lanes {
  T lane[kLanes];
  T& operator[](int i) { return lane[i]; }
  const T& operator[](int i) const { return lane[i]; }
};
using V = Lanes<float>;
using M = Lanes<int32_t>;
template <class R, class F>
RIPVEC_INLINE R each_lane(F f) {
  R r;
  for (int i = 0; i < kLanes; i++) r[i] = f(i);
  return r;
}
RIPVEC_INLINE V add(V a, V b) {
  return each_lane<V>([&](int i) { return a[i] + b[i]; });
}
RIPVEC_INLINE V sub(V a, V b) {
  return each_lane<V>([&](int i) { return a[i] - b[i]; });
}
RIPVEC_INLINE V mul(V a, V b) {
  return each_lane<V>([&](int i) { return a[i] * b[i]; });
}
RIPVEC_INLINE V div(V a, V b) {
  return each_lane<V>([&](int i) { return a[i] / b[i]; });
}
RIPVEC_INLINE M lt(V a, V b) {
  return each_lane<M>([&](int i) { return a[i] < b[i] ? -1 : 0; });
}
RIPVEC_INLINE M eq(V a, V b) {
  return each_lane<M>([&](int i) { return a[i] == b[i] ? -1 : 0; });
}
RIPVEC_INLINE V select(M m, V yes, V no) {
  return each_lane<V>([&](int i) { return m[i] ? yes[i] : no[i]; });
}
#endif

RIPVEC_INLINE V load(const float* p) {
  V v;
  memcpy(&v, p, sizeof v);
  return v;
}
RIPVEC_INLINE void store(float* p, V v) { memcpy(p, &v, sizeof v); }
RIPVEC_INLINE V splat(float x) { return V{x, x, x, x}; }
RIPVEC_INLINE V zero() { return splat(0.0f); }
RIPVEC_INLINE V lane_index() { return V{0, 1, 2, 3}; }
RIPVEC_INLINE V load_n(const float* p, int64_t n) {
  V v = zero();
  memcpy(&v, p, static_cast<size_t>(n) * sizeof(float));
  return v;
}
RIPVEC_INLINE void store_n(float* p, V v, int64_t n) {
  memcpy(p, &v, static_cast<size_t>(n) * sizeof(float));
}

RIPVEC_INLINE V fma(V a, V b, V c) { return add(mul(a, b), c); }
RIPVEC_INLINE V sqrt(V a) { return V{sqrtf(a[0]), sqrtf(a[1]), sqrtf(a[2]), sqrtf(a[3])}; }
RIPVEC_INLINE V abs(V a) { return select(lt(a, zero()), sub(zero(), a), add(a, zero())); }
RIPVEC_INLINE V max(V a, V b) { return select(lt(a, b), b, a); }
RIPVEC_INLINE V min(V a, V b) { return select(lt(b, a), b, a); }
RIPVEC_INLINE V clamp(V x, float lo, float hi) {
  const V raised = select(lt(x, splat(lo)), splat(lo), x);
  return select(lt(splat(hi), raised), splat(hi), raised);
}
RIPVEC_INLINE bool all(M m) { return (m[0] & m[1] & m[2] & m[3]) != 0; }

/** Adding and subtracting 1.5 · 2²³ removes the bits below 1. This is correct for |a| < 2²². */
RIPVEC_INLINE V round(V a) { return sub(add(a, splat(12582912.0f)), splat(12582912.0f)); }

RIPVEC_INLINE float power_of_two(int32_t n) {
  const uint32_t bits = static_cast<uint32_t>(n + 127) << 23;
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}
RIPVEC_INLINE V scale(V x, V n) {
  V low, high;
  for (int i = 0; i < kLanes; i++) {
    const int32_t whole = n[i] == n[i] ? static_cast<int32_t>(n[i]) : 0;
    low[i] = power_of_two(whole >> 1);
    high[i] = power_of_two(whole - (whole >> 1));
  }
  return mul(mul(x, low), high);
}

RIPVEC_INLINE V from_f16(const void* p) {
  uint16_t h[kLanes];
  memcpy(h, p, sizeof h);
  return V{f16_to_f32(h[0]), f16_to_f32(h[1]), f16_to_f32(h[2]), f16_to_f32(h[3])};
}
RIPVEC_INLINE V from_bf16(const void* p) {
  uint16_t h[kLanes];
  memcpy(h, p, sizeof h);
  return V{bf16_to_f32(h[0]), bf16_to_f32(h[1]), bf16_to_f32(h[2]), bf16_to_f32(h[3])};
}
RIPVEC_INLINE V from_i8(const void* p) {
  int8_t bytes[kLanes];
  memcpy(bytes, p, sizeof bytes);
  V v = zero();
  for (int i = 0; i < kLanes; i++) v[i] = static_cast<float>(bytes[i]);
  return v;
}

RIPVEC_INLINE void to_f16(void* p, V v) {
  const uint16_t h[kLanes] = {f32_to_f16(v[0]), f32_to_f16(v[1]), f32_to_f16(v[2]),
                              f32_to_f16(v[3])};
  memcpy(p, h, sizeof h);
}
RIPVEC_INLINE void to_bf16(void* p, V v) {
  const uint16_t h[kLanes] = {f32_to_bf16(v[0]), f32_to_bf16(v[1]), f32_to_bf16(v[2]),
                              f32_to_bf16(v[3])};
  memcpy(p, h, sizeof h);
}

RIPVEC_INLINE float sum(V v) { return (v[0] + v[2]) + (v[1] + v[3]); }
RIPVEC_INLINE float max_lane(V v) {
  const float a = v[0] < v[2] ? v[2] : v[0];
  const float b = v[1] < v[3] ? v[3] : v[1];
  return a < b ? b : a;
}

/** Lane j of row i becomes lane i of row j. */
RIPVEC_INLINE void transpose(V (&rows)[kLanes]) {
  for (int i = 0; i < kLanes; i++) {
    for (int j = 0; j < i; j++) {
      const float above = rows[j][i];
      rows[j][i] = rows[i][j];
      rows[i][j] = above;
    }
  }
}

}  // namespace ripvec::RIPVEC_ISA
