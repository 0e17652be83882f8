// Dot products for AVX-512, by vpdpbusd if the CPU has VNNI, else by vpmaddwd. Only runtime/dot.h
// includes this.
#pragma once

#include "runtime/simd.h"

namespace ripvec::RIPVEC_ISA {

using Group = __m512i;
#if defined(__GNUC__)
// GCC 12 keeps the sums in registers only if they have the type of the instruction's result, 16
// numbers of 32 bits; __m512i is eight numbers.
typedef int Sums __attribute__((vector_size(64)));
#else
using Sums = __m512i;
#endif

RIPVEC_INLINE Sums scaled(const int32_t* p, int32_t n) {
  return (Sums)_mm512_mullo_epi32(_mm512_loadu_si512(p), _mm512_set1_epi32(n));
}
RIPVEC_INLINE V to_floats(Sums sums) { return _mm512_cvtepi32_ps((__m512i)sums); }
RIPVEC_INLINE void store_bytes(void* p, V whole) {
  const __m128i bytes = _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(whole));
  _mm_storeu_si128(static_cast<__m128i*>(p), bytes);
}
RIPVEC_INLINE Group splat_group(const void* p) {
  int32_t group;
  memcpy(&group, p, sizeof group);
  return _mm512_set1_epi32(group);
}

#if RIPVEC_ID == RIPVEC_ID_avx512_vnni
using Left = uint8_t;
constexpr int kGroup = 4;
RIPVEC_INLINE int32_t stored_zero(int32_t zero_point) { return zero_point; }
RIPVEC_INLINE void store_left(Left* p, V whole) { store_bytes(p, whole); }
RIPVEC_INLINE Group load_group(const int8_t* p) { return _mm512_loadu_si512(p); }
RIPVEC_INLINE Sums dot(Sums sums, Group left, Group right) {
  return (Sums)_mm512_dpbusd_epi32((__m512i)sums, left, right);
}
#else
using Left = int16_t;
constexpr int kGroup = 2;
RIPVEC_INLINE int32_t stored_zero(int32_t) { return 0; }
RIPVEC_INLINE void store_left(Left* p, V whole) {
  const __m256i words = _mm512_cvtepi32_epi16(_mm512_cvtps_epi32(whole));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), words);
}
RIPVEC_INLINE Group load_group(const int8_t* p) {
  return _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
}
RIPVEC_INLINE Sums dot(Sums sums, Group left, Group right) {
  return (Sums)_mm512_add_epi32((__m512i)sums, _mm512_madd_epi16(left, right));
}
#endif

}  // namespace ripvec::RIPVEC_ISA
