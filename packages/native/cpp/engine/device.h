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

/** The place of the result of a pass after it has run. */
struct ResultPlace {
  Place place;
  size_t bytes = 0;
};

/**
 * The hardware that an engine uses: its memory, its weights and its kernels. A driver implements
 * this class. The engine owns the device and decides what runs when.
 *
 * Threads. The owner's thread (the JavaScript thread) makes the device, calls `open_weight` and
 * `read_weight`, and destroys the device. The engine's thread calls all other methods, one at a
 * time, and destroys the weights. A call on one thread may overlap a call on the other.
 *
 * Passes. The engine's thread runs one pass at a time. It calls `begin_pass`; for each part it
 * calls `grow_arena`, `copy_in`, `run` for every command and `flush`; at the end it calls
 * `copy_out`. A pass that fails or is abandoned ends without `copy_out`. `run` may compute, or it
 * may record work that the hardware does later. In the second case the device keeps the order of
 * the recorded work, also across passes, and keeps alive all memory that this work still reads or
 * writes (inputs, an arena that was replaced, weights that were destroyed).
 *
 * Errors. Every method that is not noexcept may throw Error with a code of @ripvec/core, or
 * std::bad_alloc. An exception on the engine's thread fails only the pass in progress.
 */
class Device {
 public:
  virtual ~Device() = default;

  /**
   * Makes a weight whose bytes are in these ranges of files, in this order. The method reads the
   * scales, and all other data that it does not leave to `prepare_weight`, before it returns. The
   * weight keeps the files that it still reads.
   */
  virtual std::unique_ptr<DeviceWeight> open_weight(const WeightShape& shape,
                                                    std::vector<FileRange> ranges,
                                                    ScaleBytes scales) = 0;
  /** Makes a weight from memory. The method reads the bytes and the scales before it returns. */
  virtual std::unique_ptr<DeviceWeight> read_weight(const WeightShape& shape,
                                                    std::span<const std::byte> bytes,
                                                    ScaleBytes scales) = 0;
  /**
   * Does the work that a weight still needs (packing, copying to the device) before a command can
   * use it. The engine calls this once for each weight, unless it is closed first. A failure is
   * kept in the weight, and a command that uses the weight throws it.
   */
  virtual void prepare_weight(DeviceWeight& weight) noexcept = 0;

  /** Starts another pass, whose inputs are empty. The arena keeps its size, and its contents are
   * unspecified. */
  virtual void begin_pass() = 0;
  /**
   * Makes the arena at least `bytes` large. The arena is aligned to 64 bytes, like the offsets of
   * tensors. If `keep` is true, the arena keeps the data that earlier commands of this pass wrote.
   * If the method throws, the arena may have become smaller.
   */
  virtual void grow_arena(size_t bytes, bool keep) = 0;
  virtual size_t arena_bytes() const noexcept = 0;
  /** Appends to the inputs of the pass. Commands may already have written to the earlier inputs. */
  virtual void copy_in(Memory inputs) = 0;
  /** Runs or records a command. The places of the command refer to `weights` by number. Throws
   * Error DEVICE for an op without a kernel. */
  virtual void run(const Command& command, const Weights& weights) = 0;
  /** Ends a part of the pass. The device may start the work that it has recorded so far. */
  virtual void flush() {}

  /** Receives the result of a pass, or the failure if it failed. Throws nothing. */
  using Done = std::function<void(Memory result, std::exception_ptr failure)>;
  /**
   * Copies the result of the pass to the host and calls `done` with it once, on any thread, before
   * the method returns or later. If the method throws, it does not call `done`.
   */
  virtual void copy_out(const ResultPlace& result, Done done) = 0;

  /** Does a small part of the work that can wait until the engine is idle. Returns false if no such
   * work is left. */
  virtual bool idle() noexcept { return false; }
  /**
   * Waits until no work runs and every `done` has returned, and frees the arena and the inputs.
   * This is the last call on the engine's thread, after the weights are destroyed. If the engine's
   * thread cannot start, the device is destroyed without this call.
   */
  virtual void close() noexcept = 0;
};

}  // namespace ripvec
