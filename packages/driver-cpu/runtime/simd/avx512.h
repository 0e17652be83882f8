// Vectors of 16 lanes for AVX-512 F, BW, VL and DQ. Only runtime/simd.h includes this.
#pragma once

#include <immintrin.h>

#include "runtime/isa.h"

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 warns about the deliberately undefined operands inside its own intrinsics.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace ripvec::RIPVEC_ISA {

using V = __m512;
using M = __mmask16;
constexpr int kLanes = 16;
// 14 × 2 accumulators, two vectors of b and one broadcast fill the 32 registers.
constexpr int kTileRows = 14;
constexpr int kTileVectors = 2;

RIPVEC_INLINE __mmask16 first_lanes(int64_t n) { return static_cast<__mmask16>((1u << n) - 1u); }

RIPVEC_INLINE V load(const float* p) { return _mm512_loadu_ps(p); }
RIPVEC_INLINE void store(float* p, V v) { _mm512_storeu_ps(p, v); }
RIPVEC_INLINE V load_n(const float* p, int64_t n) {
  return _mm512_maskz_loadu_ps(first_lanes(n), p);
}
RIPVEC_INLINE void store_n(float* p, V v, int64_t n) {
  _mm512_mask_storeu_ps(p, first_lanes(n), v);
}

RIPVEC_INLINE V splat(float x) { return _mm512_set1_ps(x); }
RIPVEC_INLINE V zero() { return _mm512_setzero_ps(); }
RIPVEC_INLINE V lane_index() {
  return _mm512_setr_ps(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

RIPVEC_INLINE V add(V a, V b) { return _mm512_add_ps(a, b); }
RIPVEC_INLINE V sub(V a, V b) { return _mm512_sub_ps(a, b); }
RIPVEC_INLINE V mul(V a, V b) { return _mm512_mul_ps(a, b); }
RIPVEC_INLINE V div(V a, V b) { return _mm512_div_ps(a, b); }
RIPVEC_INLINE V fma(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
RIPVEC_INLINE V sqrt(V a) { return _mm512_sqrt_ps(a); }
RIPVEC_INLINE V abs(V a) { return _mm512_abs_ps(a); }
RIPVEC_INLINE V max(V a, V b) { return _mm512_max_ps(a, b); }
RIPVEC_INLINE V min(V a, V b) { return _mm512_min_ps(a, b); }
RIPVEC_INLINE V clamp(V x, float lo, float hi) {
  return _mm512_min_ps(splat(hi), _mm512_max_ps(splat(lo), x));
}

RIPVEC_INLINE M lt(V a, V b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
RIPVEC_INLINE M eq(V a, V b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
RIPVEC_INLINE bool all(M m) { return m == 0xffff; }
RIPVEC_INLINE V select(M m, V yes, V no) { return _mm512_mask_blend_ps(m, no, yes); }

RIPVEC_INLINE V round(V a) {
  return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
RIPVEC_INLINE V scale(V x, V n) { return _mm512_scalef_ps(x, n); }

RIPVEC_INLINE V from_f16(const void* p) {
  return _mm512_cvtph_ps(_mm256_loadu_si256(static_cast<const __m256i*>(p)));
}
RIPVEC_INLINE V from_bf16(const void* p) {
  const __m256i halves = _mm256_loadu_si256(static_cast<const __m256i*>(p));
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
}
RIPVEC_INLINE V from_i8(const void* p) {
  const __m128i bytes = _mm_loadu_si128(static_cast<const __m128i*>(p));
  return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes));
}

RIPVEC_INLINE void to_f16(void* p, V v) {
  const __m256i halves = _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  _mm256_storeu_si256(static_cast<__m256i*>(p), halves);
}
RIPVEC_INLINE void to_bf16(void* p, V v) {
  const __m512i bits = _mm512_castps_si512(v), high = _mm512_srli_epi32(bits, 16);
  const __m512i half_up =
      _mm512_add_epi32(_mm512_and_si512(high, _mm512_set1_epi32(1)), _mm512_set1_epi32(0x7fff));
  const __m512i rounded = _mm512_srli_epi32(_mm512_add_epi32(bits, half_up), 16);
  const __m512i quiet = _mm512_or_si512(high, _mm512_set1_epi32(0x40));
  const __mmask16 nan = _mm512_cmp_ps_mask(v, v, _CMP_UNORD_Q);
  const __m256i halves = _mm512_cvtepi32_epi16(_mm512_mask_blend_epi32(nan, rounded, quiet));
  _mm256_storeu_si256(static_cast<__m256i*>(p), halves);
}

template <int kHalf>
RIPVEC_INLINE __m256 half(V v) {
  return _mm512_maskz_extractf32x8_ps(0xff, v, kHalf);
}
RIPVEC_INLINE float sum(V v) {
  const __m256 a = _mm256_add_ps(half<0>(v), half<1>(v));
  const __m128 b = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  const __m128 c = _mm_add_ps(b, _mm_movehl_ps(b, b));
  return _mm_cvtss_f32(_mm_add_ss(c, _mm_shuffle_ps(c, c, 1)));
}
RIPVEC_INLINE float max_lane(V v) {
  const __m256 a = _mm256_max_ps(half<0>(v), half<1>(v));
  const __m128 b = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  const __m128 c = _mm_max_ps(b, _mm_movehl_ps(b, b));
  return _mm_cvtss_f32(_mm_max_ss(c, _mm_shuffle_ps(c, c, 1)));
}

/** Lane j of row i becomes lane i of row j. */
RIPVEC_INLINE void transpose(V (&rows)[kLanes]) {
  V pairs[kLanes], fours[kLanes];
  RIPVEC_UNROLL
  for (int i = 0; i < kLanes; i += 2) {
    pairs[i] = _mm512_unpacklo_ps(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm512_unpackhi_ps(rows[i], rows[i + 1]);
  }
  // Quarter q of fours[4g + c] is column 4q + c of rows 4g … 4g + 3.
  RIPVEC_UNROLL
  for (int i = 0; i < kLanes; i++) {
    const int from = i / 4 * 4 + i % 4 / 2;
    const __m512d a = _mm512_castps_pd(pairs[from]), b = _mm512_castps_pd(pairs[from + 2]);
    fours[i] = _mm512_castpd_ps(i % 2 ? _mm512_unpackhi_pd(a, b) : _mm512_unpacklo_pd(a, b));
  }
  RIPVEC_UNROLL
  for (int c = 0; c < 4; c++) {
    const V even = _mm512_shuffle_f32x4(fours[c], fours[4 + c], 0x88);
    const V odd = _mm512_shuffle_f32x4(fours[c], fours[4 + c], 0xdd);
    const V even_below = _mm512_shuffle_f32x4(fours[8 + c], fours[12 + c], 0x88);
    const V odd_below = _mm512_shuffle_f32x4(fours[8 + c], fours[12 + c], 0xdd);
    rows[c] = _mm512_shuffle_f32x4(even, even_below, 0x88);
    rows[4 + c] = _mm512_shuffle_f32x4(odd, odd_below, 0x88);
    rows[8 + c] = _mm512_shuffle_f32x4(even, even_below, 0xdd);
    rows[12 + c] = _mm512_shuffle_f32x4(odd, odd_below, 0xdd);
  }
}

}  // namespace ripvec::RIPVEC_ISA
