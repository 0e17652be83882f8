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
 * A device and the thread that runs the queued work on it, in order. The engine runs the passes of
 * all clones of a driver one at a time, so that they share the arena, which grows to the size of
 * the largest pass and is kept. Only the owner's thread may call the methods. The destructor must
 * not run on the engine's own thread or on one of the device's.
 */
class Engine {
 public:
  /** Throws std::system_error if the thread cannot be started. */
  explicit Engine(std::unique_ptr<Device> device);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /** The place of a weight, or of a part of one, in a file. */
  struct FilePlace {
    std::string path;
    uint64_t offset, length;
    /** The identity of the file when the model was opened, if known. */
    std::optional<FileIdentity> identity;
  };
  /** Opens a weight whose bytes are in these places, in this order. The scales are read before this
   * returns; the engine's thread prepares the weight. Throws Error MODEL_FILE or DEVICE. */
  size_t open_weight(const WeightShape& shape, const std::vector<FilePlace>& places,
                     ScaleBytes scales = {});
  /** Makes a weight from memory. All bytes are read before this returns. */
  size_t read_weight(const WeightShape& shape, std::span<const std::byte> bytes,
                     ScaleBytes scales = {});
  /** Releases a weight after the passes that are already queued. */
  void release_weight(size_t number);
  MemoryUse memory_use() const { return {.weights = weight_bytes_, .arena = arena_bytes_}; }

  /** Queues a pass, whose parts run as they are fed. `submit` or `abandon` must follow, because all
   * work that is queued later waits for this pass. */
  std::shared_ptr<Pass> begin();
  void feed(Pass& pass, PassPart part);
  /** Feeds the last part. Unless this throws, `done` is called with the pass, whether it succeeds
   * or fails. */
  void submit(Pass& pass, PassPart part, ResultPlace result, Pass::Done done);
  /** Ends a pass without a result and drops its parts that have not started. */
  void abandon(Pass& pass);

  /** Stops after the command in progress, fails the submitted passes that have not finished, joins
   * the thread and frees the weights and the memory of the device. A second call does nothing. */
  void close();

 private:
  size_t add(std::unique_ptr<DeviceWeight> weight);
  void take_weights() noexcept;
  void enqueue(std::function<void()> job);
  void work();
  void run_jobs();
  /** Calls Device::idle with the lock released. */
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

  // Only the engine's thread uses these.
  Weights weights_;
  /** Whether a pass has run. The first pass does not wait for idle work. */
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
