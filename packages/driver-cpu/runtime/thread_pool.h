// Threads that share the work of one kernel at a time.
//
// The thread that calls `run` also works, so a pool of 1 has no thread of its own. Idle workers
// spin for a few microseconds, because the ops of a pass follow each other closely, and then sleep.
// Every thread starts with an equal share of the items and processes it in order, chunk by chunk,
// so that it knows which data it reads next. A thread that has finished its share takes items that
// other threads have not started, so that a slow or busy core does less work. Results must not
// depend on which thread computes which items.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ripvec {

class ThreadPool {
 public:
  /** Work on items begin … end − 1. `worker` is in 0 … threads() − 1 and unique while it runs. */
  using Body = void (*)(void* context, int64_t begin, int64_t end, int worker);

  /** `threads` ≥ 1 includes the caller's thread. The pool is smaller if the system does not allow
   * as many threads. */
  explicit ThreadPool(int threads);
  /** Joins the workers. No `run` may be in progress. */
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;

  /** The end of the share of n items that `worker` starts with. */
  int64_t share_end(int64_t n, int64_t grain, int worker) const;

  /**
   * Calls `body` for chunks that cover 0 … n − 1 and returns when all are done. Only the last chunk
   * may have fewer than `grain` items. n / grain must be below 2³². Aborts the process if another
   * `run` of this pool is in progress.
   */
  void run(int64_t n, int64_t grain, Body body, void* context);

  /**
   * Makes sure that every worker has `floats` floats of scratch, which is kept until the pool is
   * destroyed. Must not be called inside `run`. Throws std::bad_alloc.
   */
  void reserve_scratch(size_t floats);
  /** The worker's scratch, aligned to 64 bytes, of the largest size reserved so far. */
  float* scratch(int worker) const;

  /** One block of scratch for all workers, aligned to 64 bytes. Must not be called inside `run`.
   * Throws std::bad_alloc. */
  float* shared_scratch(size_t floats);

 private:
  struct State;
  State* state_;
};

}  // namespace ripvec
