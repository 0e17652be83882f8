// Elementwise loops.
#pragma once

#include "runtime/kernels.h"
#include "runtime/parallel.h"
#include "runtime/simd.h"

namespace ripvec::RIPVEC_ISA {

/** out[i] = f(inputs[i]…) for i in 0 … n − 1; out may be one of the inputs. */
template <class F, class... Inputs>
RIPVEC_INLINE void transform(int64_t n, float* out, const F& f, const Inputs*... inputs) {
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) store(out + i, f(load(inputs + i)...));
  if (const int64_t left = n - i) store_n(out + i, f(load_n(inputs + i, left)...), left);
}

/** The same with the pool's threads. */
template <class F, class... Inputs>
RIPVEC_INLINE void parallel_transform(ThreadPool& pool, int64_t n, float* out, const F& f,
                                      const Inputs*... inputs) {
  parallel_for(pool, n, kChunkFloats, [&](int64_t begin, int64_t end, int) {
    transform(end - begin, out + begin, f, inputs + begin...);
  });
}

RIPVEC_INLINE void copy_floats(float* out, const float* x, int64_t n) {
  if (n > 0) memcpy(out, x, static_cast<size_t>(n) * sizeof(float));
}

RIPVEC_INLINE void zero_floats(float* out, int64_t n) {
  if (n > 0) memset(out, 0, static_cast<size_t>(n) * sizeof(float));
}

/** The number of tokens of sequence b. */
RIPVEC_INLINE int64_t length_of(const Sequences& sequences, int64_t b) {
  return sequences.cu_seqlens[b + 1] - sequences.cu_seqlens[b];
}

}  // namespace ripvec::RIPVEC_ISA
