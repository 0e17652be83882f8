#pragma once

#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "runtime/command.h"
#include "runtime/memory.h"

namespace ripvec {

/** What was recorded of a pass since the part before. */
struct PassPart {
  std::vector<double> commands;
  /** Behind those of the parts before. */
  Memory inputs;
  /** That the pass needs so far. */
  size_t arena_bytes = 0;
};

/** Where the result of a pass lies when it has run. */
struct ResultPlace {
  Space space = Space::absent;
  size_t offset = 0;
  size_t bytes = 0;
};

/** A pass on its way through the engine, which runs its parts while later ones are recorded. */
struct Pass {
  /** Called on the engine's thread. Must not throw. */
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
  Memory inputs;
  bool has_begun = false;
};

}  // namespace ripvec
