#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/device.h"
#include "runtime/kernels.h"
#include "runtime/panel_order.h"
#include "runtime/slabs.h"
#include "runtime/thread_pool.h"

namespace ripvec {

/** The CPU as a device. `run` computes before it returns, on the engine's thread and a pool's. */
class CpuDevice final : public Device {
 public:
  /** Throws Error DEVICE if this build or CPU lacks the instruction set. The pool has fewer threads
   * if the system does not allow as many. */
  CpuDevice(int threads, InstructionSet set);

  int threads() const { return pool_.threads(); }

  std::unique_ptr<DeviceWeight> open_weight(const WeightShape& shape, std::vector<FileRange> ranges,
                                            ScaleBytes scales) override;
  std::unique_ptr<DeviceWeight> read_weight(const WeightShape& shape,
                                            std::span<const std::byte> bytes,
                                            ScaleBytes scales) override;
  void prepare_weight(DeviceWeight& weight) noexcept override;

  void begin_pass() override;
  void grow_arena(size_t bytes, bool keep) override;
  size_t arena_bytes() const noexcept override { return arena_.size(); }
  void copy_in(Memory inputs) override;
  void run(const Command& command, const Weights& weights) override;
  void copy_out(const ResultPlace& result, Done done) override;
  /** Merges small pages of the weights into huge ones, which speeds up short passes. */
  bool idle() noexcept override { return slabs_.join_pages(); }
  void close() noexcept override;

 private:
  const KernelTable& kernels_;
  ThreadPool pool_;
  /** The pool for weights that are read on the owner's thread. */
  ThreadPool own_pool_{1};
  Slabs slabs_;

  // Only the engine's thread uses these.
  Memory arena_;
  Memory inputs_;
  PanelOrder order_;
};

}  // namespace ripvec
