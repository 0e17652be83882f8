// The instruction set that this file is compiled for, and definitions for every per-set file.
#pragma once

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef RIPVEC_ISA
#error "RIPVEC_ISA must name the instruction set, as in runtime/kernels.h"
#endif

#define RIPVEC_ID_portable 1
#define RIPVEC_ID_avx2 2
#define RIPVEC_ID_avx512 3
#define RIPVEC_ID_neon 4
#define RIPVEC_ID_avx2_vnni 5
#define RIPVEC_ID_avx512_vnni 6
#define RIPVEC_ID_neon_dot 7
#define RIPVEC_JOIN_AGAIN(a, b) a##b
#define RIPVEC_JOIN(a, b) RIPVEC_JOIN_AGAIN(a, b)
#define RIPVEC_ID RIPVEC_JOIN(RIPVEC_ID_, RIPVEC_ISA)

#if defined(_MSC_VER) && !defined(__clang__)
#define RIPVEC_INLINE static __forceinline
#define RIPVEC_UNROLL
#elif defined(__clang__)
#define RIPVEC_INLINE [[maybe_unused]] static inline __attribute__((always_inline))
#define RIPVEC_UNROLL _Pragma("unroll")
#else
#define RIPVEC_INLINE [[maybe_unused]] static inline __attribute__((always_inline))
#define RIPVEC_UNROLL _Pragma("GCC unroll 16")
#endif

namespace ripvec::RIPVEC_ISA {

constexpr float kMinusInfinity = -HUGE_VALF;
constexpr int64_t kCacheLine = 16;  // floats
constexpr int64_t kLineBytes = 64;

/** Hints that the cache line at p will be read soon. */
RIPVEC_INLINE void prefetch(const void* p) {
#if defined(__GNUC__)
  __builtin_prefetch(p);
#else
  (void)p;
#endif
}

/** Hints that the cache line at p will be written soon. */
RIPVEC_INLINE void prefetch_to_write(void* p) {
#if defined(__GNUC__)
  __builtin_prefetch(p, 1);
#else
  (void)p;
#endif
}

/** Hints that the cache line at p will be read, and fetches it into the second-level cache. */
RIPVEC_INLINE void prefetch_l2(const void* p) {
#if defined(__GNUC__)
  __builtin_prefetch(p, 0, 2);
#else
  (void)p;
#endif
}

}  // namespace ripvec::RIPVEC_ISA
