// Loads and stores vectors of f32 as f32, f16 or bf16 in memory of any alignment, and loads i8.
#pragma once

#include "runtime/half.h"
#include "runtime/kernels.h"
#include "runtime/simd.h"

namespace ripvec::RIPVEC_ISA {

RIPVEC_INLINE constexpr int64_t bytes_of(DType dtype) {
  if (dtype == DType::i8) return 1;
  return dtype == DType::f16 || dtype == DType::bf16 ? 2 : 4;
}

template <DType kFrom>
RIPVEC_INLINE V load_as(const void* p) {
  if constexpr (kFrom == DType::i8) return from_i8(p);
  if constexpr (kFrom == DType::f16) return from_f16(p);
  if constexpr (kFrom == DType::bf16) return from_bf16(p);
  V v;
  memcpy(&v, p, sizeof v);
  return v;
}

template <DType kTo>
RIPVEC_INLINE void store_as(void* p, V v) {
  if constexpr (kTo == DType::f16) return to_f16(p, v);
  if constexpr (kTo == DType::bf16) return to_bf16(p, v);
  memcpy(p, &v, sizeof v);
}

/** Loads the first n lanes; the other lanes are 0. */
template <DType kFrom>
RIPVEC_INLINE V load_as_n(const void* p, int64_t n) {
  unsigned char bytes[kLanes * bytes_of(kFrom)] = {};
  memcpy(bytes, p, static_cast<size_t>(n * bytes_of(kFrom)));
  return load_as<kFrom>(bytes);
}

/** Stores the first n lanes. */
template <DType kTo>
RIPVEC_INLINE void store_as_n(void* p, V v, int64_t n) {
  unsigned char bytes[kLanes * bytes_of(kTo)];
  store_as<kTo>(bytes, v);
  memcpy(p, bytes, static_cast<size_t>(n * bytes_of(kTo)));
}

/** The magnitude of each lane, or infinity if the lane is NaN. */
RIPVEC_INLINE V sizes_of(V v) {
  const V size = abs(v), infinity = splat(HUGE_VALF);
  return select(lt(size, infinity), size, infinity);
}

/** The smallest magnitude that rounds to infinity in that dtype. */
RIPVEC_INLINE constexpr float too_large_for(DType dtype) {
  if (dtype == DType::f16) return kTooLargeForF16;
  return dtype == DType::bf16 ? kTooLargeForBf16 : HUGE_VALF;
}

}  // namespace ripvec::RIPVEC_ISA
