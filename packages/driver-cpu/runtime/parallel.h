// Loops over a thread pool.
#pragma once

#include "runtime/simd.h"
#include "runtime/thread_pool.h"

namespace ripvec::RIPVEC_ISA {

/** Calls f(begin, end, worker) for chunks of `grain` items or more. */
template <class F>
RIPVEC_INLINE void parallel_for(ThreadPool& pool, int64_t n, int64_t grain, const F& f) {
  pool.run(
      n, grain,
      [](void* context, int64_t begin, int64_t end, int worker) {
        (*static_cast<const F*>(context))(begin, end, worker);
      },
      const_cast<F*>(&f));
}

/** Calls f(item) for all items. Returns whether every call returned true. */
template <class F>
RIPVEC_INLINE bool parallel_all(ThreadPool& pool, int64_t n, const F& f) {
  pool.reserve_scratch(1);
  // Each worker counts its failures in its own scratch.
  for (int i = 0; i < pool.threads(); i++) *pool.scratch(i) = 0.0f;
  parallel_for(pool, n, 1, [&](int64_t begin, int64_t end, int worker) {
    for (int64_t i = begin; i < end; i++) {
      if (!f(i)) *pool.scratch(worker) += 1.0f;
    }
  });
  float failures = 0;
  for (int i = 0; i < pool.threads(); i++) failures += *pool.scratch(i);
  return failures == 0.0f;
}

// The floats that one core processes in a few microseconds. Waking a thread for fewer does not pay.
constexpr int64_t kChunkFloats = 1 << 14;

/** Calls f(begin, end) for chunks of rows of `cols` floats each. */
template <class F>
RIPVEC_INLINE void parallel_rows(ThreadPool& pool, int64_t rows, int64_t cols, const F& f) {
  const int64_t grain = cols >= kChunkFloats ? 1 : kChunkFloats / (cols < 1 ? 1 : cols);
  parallel_for(pool, rows, grain, [&](int64_t begin, int64_t end, int) { f(begin, end); });
}

}  // namespace ripvec::RIPVEC_ISA
