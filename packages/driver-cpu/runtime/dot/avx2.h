// Dot products for AVX2, by vpdpbusd if the CPU has AVX-VNNI, else by vpmaddwd. Only runtime/dot.h
// includes this.
#pragma once

#include "runtime/simd.h"

namespace ripvec::RIPVEC_ISA {

using Group = __m256i;
#if defined(__GNUC__)
// runtime/dot/avx512.h gives the reason for this type.
typedef int Sums __attribute__((vector_size(32)));
#else
using Sums = __m256i;
#endif

RIPVEC_INLINE Sums scaled(const int32_t* p, int32_t n) {
  const __m256i numbers = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  return (Sums)_mm256_mullo_epi32(numbers, _mm256_set1_epi32(n));
}
RIPVEC_INLINE V to_floats(Sums sums) { return _mm256_cvtepi32_ps((__m256i)sums); }
/** The lowest 16 bits of each lane. */
RIPVEC_INLINE __m128i low_words(V whole) {
  const __m256i numbers = _mm256_cvtps_epi32(whole);
  return _mm_packs_epi32(_mm256_castsi256_si128(numbers), _mm256_extracti128_si256(numbers, 1));
}
RIPVEC_INLINE void store_bytes(void* p, V whole) {
  const __m128i low = _mm_and_si128(low_words(whole), _mm_set1_epi16(0xff));
  _mm_storel_epi64(static_cast<__m128i*>(p), _mm_packus_epi16(low, low));
}
RIPVEC_INLINE Group splat_group(const void* p) {
  int32_t group;
  memcpy(&group, p, sizeof group);
  return _mm256_set1_epi32(group);
}

#if RIPVEC_ID == RIPVEC_ID_avx2_vnni
using Left = uint8_t;
constexpr int kGroup = 4;
RIPVEC_INLINE int32_t stored_zero(int32_t zero_point) { return zero_point; }
RIPVEC_INLINE void store_left(Left* p, V whole) { store_bytes(p, whole); }
RIPVEC_INLINE Group load_group(const int8_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
RIPVEC_INLINE Sums dot(Sums sums, Group left, Group right) {
  return (Sums)_mm256_dpbusd_avx_epi32((__m256i)sums, left, right);
}
#else
using Left = int16_t;
constexpr int kGroup = 2;
RIPVEC_INLINE int32_t stored_zero(int32_t) { return 0; }
RIPVEC_INLINE void store_left(Left* p, V whole) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), low_words(whole));
}
RIPVEC_INLINE Group load_group(const int8_t* p) {
  return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}
RIPVEC_INLINE Sums dot(Sums sums, Group left, Group right) {
  return (Sums)_mm256_add_epi32((__m256i)sums, _mm256_madd_epi16(left, right));
}
#endif

}  // namespace ripvec::RIPVEC_ISA
