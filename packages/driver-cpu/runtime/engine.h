#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "runtime/kernels.h"
#include "runtime/weight_file.h"
#include "runtime/memory.h"
#include "runtime/pass.h"
#include "runtime/thread_pool.h"
#include "runtime/weights.h"

namespace ripvec {

struct MemoryUse {
  size_t weights = 0;
  size_t arena = 0;
};

/**
 * Weights, a thread pool and one thread that runs what is queued, in order. Passes of all clones of
 * a driver come through here one at a time, so they share the arena too: it grows to the largest
 * pass and is kept. All methods are for one thread, the owner's; the destructor must not run on the
 * engine's own.
 */
class Engine {
 public:
  /** Throws std::system_error when no thread can be started. */
  Engine(int threads, InstructionSet set);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  int threads() const { return pool_.threads(); }
  InstructionSet instruction_set() const { return set_; }

  /** Where a weight, or a part of one, lies. */
  struct FilePlace {
    std::string path;
    uint64_t offset, length;
    /** What the file was when the model was opened, where somebody knows. */
    std::optional<FileIdentity> identity;
  };
  /** Opens a weight that lies in these places one after the other, reading and packing a matrix in
   * the background; the scales are read before it returns. Throws Error MODEL_FILE or DEVICE. */
  size_t open_weight(const WeightShape& shape, const std::vector<FilePlace>& places,
                     ScaleBytes scales = {});
  /** Takes a weight from memory; all bytes are read before it returns. */
  size_t read_weight(const WeightShape& shape, std::span<const std::byte> bytes,
                     ScaleBytes scales = {});
  /** After the passes queued so far. */
  void release_weight(size_t number);
  MemoryUse memory_use() const { return {.weights = weight_bytes_, .arena = arena_bytes_}; }

  /** Queues a pass; its parts run as they are fed. `submit` or `abandon` has to follow, lest what
   * is queued behind it waits forever. */
  std::shared_ptr<Pass> begin();
  void feed(Pass& pass, PassPart part);
  /** Feeds the last part. The pass goes to `done` in any case once this has returned. */
  void submit(Pass& pass, PassPart part, ResultPlace result, Pass::Done done);
  /** A part that runs runs to its end; nobody hears of it. */
  void abandon(Pass& pass);

  /** Stops after the op that runs, fails the submitted passes, joins the threads and frees
   * everything. */
  void close();

 private:
  size_t add(std::unique_ptr<Weight> weight);
  void take_weights() noexcept;
  void enqueue(std::function<void()> job);
  void work();
  /** As Slabs::join_pages, without the lock meanwhile. */
  bool join_pages(std::unique_lock<std::mutex>& lock);
  void run(const std::shared_ptr<Pass>& pass);
  void run_parts(Pass& pass);
  void run_part(Pass& pass, PassPart part);
  void add_part(Pass& pass, PassPart part);
  std::optional<PassPart> next_part(Pass& pass);
  void grow_arena(size_t bytes, bool keep);

  const InstructionSet set_;
  const KernelTable& kernels_;
  ThreadPool pool_;
  /** For weights that are read on the owner's thread. */
  ThreadPool own_pool_{1};
  WeightFiles files_;
  Slabs slabs_;
  size_t next_weight_ = 0;

  // The engine's thread alone.
  Weights weights_;
  Memory arena_;
  /** Has there been a pass? The first one shall not wait for huge pages. */
  bool has_run_ = false;

  std::atomic<size_t> weight_bytes_{0};
  std::atomic<size_t> arena_bytes_{0};
  std::atomic<bool> closed_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  Weights::Map new_weights_;
  std::thread thread_;
};

}  // namespace ripvec
