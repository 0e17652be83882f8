// Threads that share the work of one kernel at a time.
//
// The thread that calls `run` takes part, so a pool of 1 owns no thread. Workers that have nothing
// to do spin for a few microseconds, because the ops of a pass follow each other closely, and then
// sleep. Every thread begins with an equal share of the items and goes through it in order, chunk
// by chunk, so that it knows what it reads next; one that has finished takes over what others have
// not begun, so that a slow or busy core does less. Results must not depend on who computes what.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ripvec {

class ThreadPool {
 public:
  /** Work on items begin … end − 1. `worker` is in 0 … threads() − 1 and unique while it runs. */
  using Body = void (*)(void* context, int64_t begin, int64_t end, int worker);

  /** `threads` ≥ 1, with the caller's. Where the system grants fewer threads, the pool is smaller.
   */
  explicit ThreadPool(int threads);
  /** Joins the workers. No `run` may be in progress. */
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;

  /** Where the share ends that `worker` has of n items before it takes from others' shares. */
  int64_t share_end(int64_t n, int64_t grain, int worker) const;

  /**
   * Calls `body` for chunks that cover 0 … n − 1, none but the last below `grain` items, and
   * returns when all are done. n / grain is below 2³². Aborts the process when another `run` of
   * this pool is in progress.
   */
  void run(int64_t n, int64_t grain, Body body, void* context);

  /**
   * Makes sure that every worker has `floats` of scratch, then kept until the pool ends.
   * Not inside `run`. Throws std::bad_alloc.
   */
  void reserve_scratch(size_t floats);
  /** The worker's scratch, aligned to 64 bytes, of the largest size reserved so far. */
  float* scratch(int worker) const;

  /** Scratch for all workers together, aligned to 64 bytes. Not inside `run`. Throws
   * std::bad_alloc. */
  float* shared_scratch(size_t floats);

 private:
  struct State;
  State* state_;
};

}  // namespace ripvec
