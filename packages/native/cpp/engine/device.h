#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "engine/command.h"
#include "engine/memory.h"
#include "engine/weight_file.h"
#include "engine/weight_shape.h"
#include "engine/weights.h"

namespace ripvec {

/** Where the result of a pass lies when it has run. */
struct ResultPlace {
  Place place;
  size_t bytes = 0;
};

/**
 * The hardware behind an engine: its memory, its weights and its kernels. A driver implements it;
 * the engine owns it and decides what runs when.
 *
 * Threads. The owner's thread (that of JavaScript) makes the device, calls `open_weight` and
 * `read_weight`, and destroys the device. The engine's thread calls all other methods, one after
 * the other, and destroys the weights. A call on one thread may overlap a call on the other.
 *
 * Passes. The engine's thread brings one pass after the other: `begin_pass`; for each part
 * `grow_arena`, `copy_in`, `run` for every command and `flush`; at the end `copy_out`. A pass that
 * fails or is abandoned ends without `copy_out`. `run` may compute, or only record what computes
 * later: then the device keeps the order of what it recorded, over the ends of passes too, and
 * keeps alive what that still reads or writes (inputs, an arena that was replaced, weights that
 * were destroyed).
 *
 * Errors. Every method that is not noexcept may throw Error with a code of @ripvec/core, or
 * std::bad_alloc. What is thrown on the engine's thread fails the pass in progress alone.
 */
class Device {
 public:
  virtual ~Device() = default;

  /**
   * A weight that lies in these ranges of files, one after the other. The scales, and whatever else
   * the device does not leave to `prepare_weight`, are read before it returns. The weight keeps the
   * files that it still reads.
   */
  virtual std::unique_ptr<DeviceWeight> open_weight(const WeightShape& shape,
                                                    std::vector<FileRange> ranges,
                                                    ScaleBytes scales) = 0;
  /** A weight from memory; bytes and scales are read before it returns. */
  virtual std::unique_ptr<DeviceWeight> read_weight(const WeightShape& shape,
                                                    std::span<const std::byte> bytes,
                                                    ScaleBytes scales) = 0;
  /**
   * Does what is left to do for a weight (packing, copying to the device) before a command can use
   * it. Called once for each weight, unless the engine is closed before. A failure is kept in the
   * weight, and thrown by the command that uses it.
   */
  virtual void prepare_weight(DeviceWeight& weight) noexcept = 0;

  /** The next calls are of another pass, whose inputs are empty. The arena keeps its size, its
   * contents are unspecified. */
  virtual void begin_pass() = 0;
  /**
   * Makes the arena at least `bytes` large. It is aligned to 64 bytes, as the offsets of tensors
   * are. `keep`: what the commands of this pass wrote so far stays in it. Where it throws, the
   * arena may have become smaller.
   */
  virtual void grow_arena(size_t bytes, bool keep) = 0;
  virtual size_t arena_bytes() const noexcept = 0;
  /** Appends to the inputs of the pass, which commands may have written to. */
  virtual void copy_in(Memory inputs) = 0;
  /** Runs or records a command; `weights` are those that its places name. Throws Error DEVICE for
   * an op without a kernel. */
  virtual void run(const Command& command, const Weights& weights) = 0;
  /** A part of the pass ends: what was recorded so far may start. */
  virtual void flush() {}

  /** Takes the result of a pass, or what went wrong. Throws nothing. */
  using Done = std::function<void(Memory result, std::exception_ptr failure)>;
  /**
   * Copies the result of the pass to the host and calls `done` with it, once, on any thread, before
   * it returns or later. Where it throws, it does not call `done`.
   */
  virtual void copy_out(const ResultPlace& result, Done done) = 0;

  /** Does a little of the work that can wait until there is nothing else to do. Returns false when
   * none is left. */
  virtual bool idle() noexcept { return false; }
  /**
   * The last call on the engine's thread, after the weights are destroyed: returns when nothing
   * runs any more and every `done` has returned, and frees the arena and the inputs. If the
   * engine's thread cannot start, the device is destroyed without this call.
   */
  virtual void close() noexcept = 0;
};

}  // namespace ripvec
