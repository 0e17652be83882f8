#pragma once

#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/device.h"
#include "engine/memory.h"

namespace ripvec {

/** The part of a pass that was recorded since the previous part. */
struct PassPart {
  std::vector<double> commands;
  /** The inputs of this part, which are appended to those of the earlier parts. */
  Memory inputs;
  /** The size of the arena that the pass needs so far. */
  size_t arena_bytes = 0;
};

/** A pass in flight. The engine runs its parts while later parts are recorded. */
struct Pass {
  /** Called once, on the engine's thread or on one of the device's. Must not throw. */
  using Done = std::function<void(std::shared_ptr<Pass>)>;

  Memory result;
  /** Set instead of `result` if the pass failed. */
  std::exception_ptr failure;

 private:
  friend class Engine;

  // The engine's mutex protects these.
  std::deque<PassPart> parts;
  bool complete = false;
  /** Absent if the pass was abandoned. */
  std::optional<ResultPlace> result_place;
  Done done;

  // Only the engine's thread uses this.
  bool has_begun = false;
};

}  // namespace ripvec
