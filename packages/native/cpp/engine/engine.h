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

#include "engine/device.h"
#include "engine/pass.h"
#include "engine/weight_file.h"
#include "engine/weight_shape.h"
#include "engine/weights.h"

namespace ripvec {

struct MemoryUse {
  size_t weights = 0;
  size_t arena = 0;
};

/**
 * A device and the one thread that runs on it what is queued, in order. The passes of all clones of
 * a driver come through here one at a time, so that they share the arena: it grows to the largest
 * pass and is kept. All methods are for one thread, the owner's; the destructor must not run on the
 * engine's own thread, nor on one of the device's.
 */
class Engine {
 public:
  /** Throws std::system_error when the thread cannot be started. */
  explicit Engine(std::unique_ptr<Device> device);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /** Where a weight, or a part of one, lies. */
  struct FilePlace {
    std::string path;
    uint64_t offset, length;
    /** What the file was when the model was opened, where that is known. */
    std::optional<FileIdentity> identity;
  };
  /** Opens a weight that lies in these places, one after the other. The engine's thread prepares
   * it; the scales are read before this returns. Throws Error MODEL_FILE or DEVICE. */
  size_t open_weight(const WeightShape& shape, const std::vector<FilePlace>& places,
                     ScaleBytes scales = {});
  /** Takes a weight from memory; all bytes are read before this returns. */
  size_t read_weight(const WeightShape& shape, std::span<const std::byte> bytes,
                     ScaleBytes scales = {});
  /** After the passes queued so far. */
  void release_weight(size_t number);
  MemoryUse memory_use() const { return {.weights = weight_bytes_, .arena = arena_bytes_}; }

  /** Queues a pass; its parts run as they are fed. `submit` or `abandon` must follow, because what
   * is queued after it waits for it. */
  std::shared_ptr<Pass> begin();
  void feed(Pass& pass, PassPart part);
  /** Feeds the last part. The pass goes to `done` in any case once this has returned. */
  void submit(Pass& pass, PassPart part, ResultPlace result, Pass::Done done);
  /** Drops the parts that do not run yet. */
  void abandon(Pass& pass);

  /** Stops after the command that runs, fails the submitted passes that have not run, joins the
   * thread and frees the weights and the memory of the device. A second call does nothing. */
  void close();

 private:
  size_t add(std::unique_ptr<DeviceWeight> weight);
  void take_weights() noexcept;
  void enqueue(std::function<void()> job);
  void work();
  void run_jobs();
  /** As Device::idle, without the lock meanwhile. */
  bool idle(std::unique_lock<std::mutex>& lock);
  void run(const std::shared_ptr<Pass>& pass);
  void run_parts(const std::shared_ptr<Pass>& pass);
  void run_part(Pass& pass, PassPart part);
  void add_part(Pass& pass, PassPart part);
  std::optional<PassPart> next_part(Pass& pass);
  void grow_arena(size_t bytes, bool keep);

  const std::unique_ptr<Device> device_;
  WeightFiles files_;
  size_t next_weight_ = 0;

  // The engine's thread alone.
  Weights weights_;
  /** Has there been a pass? The first one shall not wait for idle work. */
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
