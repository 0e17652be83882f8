// Vectors of f32 from and to memory that holds f32, f16 or bf16 at any alignment.
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

/** The first n lanes, the others 0. */
template <DType kFrom>
RIPVEC_INLINE V load_as_n(const void* p, int64_t n) {
  constexpr size_t size = kFrom == DType::f32 ? 4 : 2;
  unsigned char bytes[kLanes * size] = {};
  memcpy(bytes, p, static_cast<size_t>(n) * size);
  return load_as<kFrom>(bytes);
}

}  // namespace ripvec::RIPVEC_ISA
