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

/** What was recorded of a pass since the previous part. */
struct PassPart {
  std::vector<double> commands;
  /** They follow the inputs of the earlier parts. */
  Memory inputs;
  /** Size of the arena that the pass needs so far. */
  size_t arena_bytes = 0;
};

/** A pass on its way through the engine, which runs its parts while later ones are recorded. */
struct Pass {
  /** Called once, on the engine's thread or on one of the device's. Must not throw. */
  using Done = std::function<void(std::shared_ptr<Pass>)>;

  Memory result;
  /** Set instead of `result` when the pass failed. */
  std::exception_ptr failure;

 private:
  friend class Engine;

  // Under the engine's mutex.
  std::deque<PassPart> parts;
  bool complete = false;
  /** Absent when the pass was abandoned. */
  std::optional<ResultPlace> result_place;
  Done done;

  // The engine's thread alone.
  bool has_begun = false;
};

}  // namespace ripvec
