// Vectors of 8 lanes for AVX2, FMA and F16C. Only runtime/simd.h includes this.
#pragma once

#include <immintrin.h>

#include "runtime/isa.h"

namespace ripvec::RIPVEC_ISA {

using V = __m256;
using M = __m256;
constexpr int kLanes = 8;
// 6 × 2 accumulators, two vectors of b and one broadcast use 15 of 16 registers.
constexpr int kTileRows = 6;
constexpr int kTileVectors = 2;

RIPVEC_INLINE __m256i first_lanes(int64_t n) {
  const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), index);
}

RIPVEC_INLINE V load(const float* p) { return _mm256_loadu_ps(p); }
RIPVEC_INLINE void store(float* p, V v) { _mm256_storeu_ps(p, v); }
RIPVEC_INLINE V load_n(const float* p, int64_t n) { return _mm256_maskload_ps(p, first_lanes(n)); }
RIPVEC_INLINE void store_n(float* p, V v, int64_t n) { _mm256_maskstore_ps(p, first_lanes(n), v); }

RIPVEC_INLINE V splat(float x) { return _mm256_set1_ps(x); }
RIPVEC_INLINE V zero() { return _mm256_setzero_ps(); }
RIPVEC_INLINE V lane_index() { return _mm256_setr_ps(0, 1, 2, 3, 4, 5, 6, 7); }

RIPVEC_INLINE V add(V a, V b) { return _mm256_add_ps(a, b); }
RIPVEC_INLINE V sub(V a, V b) { return _mm256_sub_ps(a, b); }
RIPVEC_INLINE V mul(V a, V b) { return _mm256_mul_ps(a, b); }
RIPVEC_INLINE V div(V a, V b) { return _mm256_div_ps(a, b); }
RIPVEC_INLINE V fma(V a, V b, V c) { return _mm256_fmadd_ps(a, b, c); }
RIPVEC_INLINE V sqrt(V a) { return _mm256_sqrt_ps(a); }
RIPVEC_INLINE V abs(V a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
RIPVEC_INLINE V max(V a, V b) { return _mm256_max_ps(a, b); }
RIPVEC_INLINE V min(V a, V b) { return _mm256_min_ps(a, b); }
RIPVEC_INLINE V clamp(V x, float lo, float hi) {
  return _mm256_min_ps(splat(hi), _mm256_max_ps(splat(lo), x));
}

RIPVEC_INLINE M lt(V a, V b) { return _mm256_cmp_ps(a, b, _CMP_LT_OQ); }
RIPVEC_INLINE M eq(V a, V b) { return _mm256_cmp_ps(a, b, _CMP_EQ_OQ); }
RIPVEC_INLINE bool all(M m) { return _mm256_movemask_ps(m) == 0xff; }
RIPVEC_INLINE V select(M m, V yes, V no) { return _mm256_blendv_ps(no, yes, m); }

RIPVEC_INLINE V round(V a) {
  return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
RIPVEC_INLINE V power_of_two(__m256i n) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(n, _mm256_set1_epi32(127)), 23));
}
RIPVEC_INLINE V scale(V x, V n) {
  const __m256i whole = _mm256_cvtps_epi32(n);
  const __m256i half = _mm256_srai_epi32(whole, 1);
  return mul(mul(x, power_of_two(half)), power_of_two(_mm256_sub_epi32(whole, half)));
}

RIPVEC_INLINE V from_f16(const void* p) {
  return _mm256_cvtph_ps(_mm_loadu_si128(static_cast<const __m128i*>(p)));
}
RIPVEC_INLINE V from_bf16(const void* p) {
  const __m128i halves = _mm_loadu_si128(static_cast<const __m128i*>(p));
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(halves), 16));
}
RIPVEC_INLINE V from_i8(const void* p) {
  const __m128i bytes = _mm_loadl_epi64(static_cast<const __m128i*>(p));
  return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes));
}

RIPVEC_INLINE void to_f16(void* p, V v) {
  const __m128i halves = _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  _mm_storeu_si128(static_cast<__m128i*>(p), halves);
}
RIPVEC_INLINE void to_bf16(void* p, V v) {
  const __m256i bits = _mm256_castps_si256(v), high = _mm256_srli_epi32(bits, 16);
  const __m256i half_up =
      _mm256_add_epi32(_mm256_and_si256(high, _mm256_set1_epi32(1)), _mm256_set1_epi32(0x7fff));
  const __m256i rounded = _mm256_srli_epi32(_mm256_add_epi32(bits, half_up), 16);
  const __m256i quiet = _mm256_or_si256(high, _mm256_set1_epi32(0x40));
  const __m256i nan = _mm256_castps_si256(_mm256_cmp_ps(v, v, _CMP_UNORD_Q));
  const __m256i words = _mm256_blendv_epi8(rounded, quiet, nan);
  const __m128i halves =
      _mm_packus_epi32(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  _mm_storeu_si128(static_cast<__m128i*>(p), halves);
}

RIPVEC_INLINE float sum(V v) {
  const __m128 b = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  const __m128 c = _mm_add_ps(b, _mm_movehl_ps(b, b));
  return _mm_cvtss_f32(_mm_add_ss(c, _mm_shuffle_ps(c, c, 1)));
}
RIPVEC_INLINE float max_lane(V v) {
  const __m128 b = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  const __m128 c = _mm_max_ps(b, _mm_movehl_ps(b, b));
  return _mm_cvtss_f32(_mm_max_ss(c, _mm_shuffle_ps(c, c, 1)));
}

/** Lane j of row i becomes lane i of row j. */
RIPVEC_INLINE void transpose(V (&rows)[kLanes]) {
  V pairs[kLanes], fours[kLanes];
  RIPVEC_UNROLL
  for (int i = 0; i < kLanes; i += 2) {
    pairs[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
  }
  // Half h of fours[4g + c] is column 4h + c of rows 4g … 4g + 3.
  RIPVEC_UNROLL
  for (int i = 0; i < kLanes; i++) {
    const int from = i / 4 * 4 + i % 4 / 2;
    const __m256d a = _mm256_castps_pd(pairs[from]), b = _mm256_castps_pd(pairs[from + 2]);
    fours[i] = _mm256_castpd_ps(i % 2 ? _mm256_unpackhi_pd(a, b) : _mm256_unpacklo_pd(a, b));
  }
  RIPVEC_UNROLL
  for (int c = 0; c < 4; c++) {
    rows[c] = _mm256_permute2f128_ps(fours[c], fours[4 + c], 0x20);
    rows[4 + c] = _mm256_permute2f128_ps(fours[c], fours[4 + c], 0x31);
  }
}

}  // namespace ripvec::RIPVEC_ISA
