#include "runtime/cpu_device.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "engine/error.h"
#include "generated/op_decode.h"
#include "ops/generated/kernel_list.h"
#include "runtime/weight.h"

namespace ripvec {

namespace {

const KernelTable& kernels_of(InstructionSet set) {
  const KernelTable* kernels = supported(set) ? kernel_table(set) : nullptr;
  if (kernels == nullptr) {
    throw device_error(std::string("this CPU or build lacks ") + name_of(set));
  }
  return *kernels;
}

/** A new block of `bytes` that begins with a copy of `memory`. */
Memory grown(const Memory& memory, size_t bytes) {
  Memory larger(bytes);
  std::copy_n(memory.data(), memory.size(), larger.data());
  return larger;
}

}  // namespace

CpuDevice::CpuDevice(int threads, InstructionSet set) : kernels_(kernels_of(set)), pool_(threads) {}

std::unique_ptr<DeviceWeight> CpuDevice::open_weight(const WeightShape& shape,
                                                     std::vector<FileRange> ranges,
                                                     ScaleBytes scales) {
  return Weight::open(shape, std::move(ranges), scales, kernels_, own_pool_);
}

std::unique_ptr<DeviceWeight> CpuDevice::read_weight(const WeightShape& shape,
                                                     std::span<const std::byte> bytes,
                                                     ScaleBytes scales) {
  return Weight::read(shape, bytes, scales, kernels_, own_pool_, slabs_);
}

void CpuDevice::prepare_weight(DeviceWeight& weight) noexcept {
  auto& made = static_cast<Weight&>(weight);
  if (made.is_unpacked()) made.pack(kernels_, pool_, slabs_);
}

void CpuDevice::begin_pass() { inputs_ = Memory(); }

void CpuDevice::grow_arena(size_t bytes, bool keep) {
  if (!keep) arena_ = Memory();
  arena_ = grown(arena_, bytes);
}

void CpuDevice::copy_in(Memory inputs) {
  if (inputs_.size() == 0) {
    inputs_ = std::move(inputs);
    return;
  }
  Memory larger = grown(inputs_, inputs_.size() + inputs.size());
  std::copy_n(inputs.data(), inputs.size(), larger.data() + inputs_.size());
  inputs_ = std::move(larger);
}

void CpuDevice::run(const Command& command, const Weights& weights) {
  const Operands operands(arena_.data(), inputs_.data(), weights, order_);
  switch (command.op()) {
    case Op::fill:
      std::memset(operands.output_any(command.place(0)), static_cast<int>(command.size(1)),
                  static_cast<size_t>(command.size(0)));
      return;
#define RIPVEC_RUN(name, Params) \
  case Op::name:                 \
    return kernels_.name(pool_, decode<Params>(command, operands));
      RIPVEC_KERNELS(RIPVEC_RUN)
#undef RIPVEC_RUN
    default:
      throw device_error("this driver has no kernel for a command of the pass");
  }
}

void CpuDevice::copy_out(const ResultPlace& result, Done done) {
  const auto& [place, bytes] = result;
  const Memory& from = place.space == Space::arena ? arena_ : inputs_;
  Memory copy(bytes);
  std::copy_n(from.data() + place.offset, bytes, copy.data());
  inputs_ = Memory();
  done(std::move(copy), nullptr);
}

void CpuDevice::close() noexcept {
  arena_ = Memory();
  inputs_ = Memory();
}

}  // namespace ripvec
