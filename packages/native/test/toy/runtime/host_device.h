// A device that runs every command immediately, on the engine's thread and in host memory.
#pragma once

#include <bit>
#include <cmath>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine/device.h"
#include "engine/error.h"
#include "generated/op_decode.h"
#include "runtime/kernels.h"

namespace ripvec {

template <class Params>
concept HasKernel = requires(const Params& params) { kernel(params); };

class HostDevice final : public Device {
 public:
  std::unique_ptr<DeviceWeight> open_weight(const WeightShape& shape, std::vector<FileRange> ranges,
                                            ScaleBytes scales) override {
    std::vector<std::byte> bytes(shape.byte_length());
    read_ranges(ranges, 0, bytes);
    for (const FileRange& range : ranges) range.file->expect_unchanged();
    return read_weight(shape, bytes, scales);
  }
  std::unique_ptr<DeviceWeight> read_weight(const WeightShape& shape,
                                            std::span<const std::byte> bytes, ScaleBytes) override {
    auto weight = std::make_unique<HostWeight>();
    const auto size = static_cast<size_t>(byte_length_of(shape.dtype));
    for (size_t at = 0; at < bytes.size(); at += size) {
      uint32_t bits = 0;
      std::memcpy(&bits, bytes.data() + at, size);
      weight->values.push_back(widened(bits, shape.dtype));
    }
    return weight;
  }
  void prepare_weight(DeviceWeight&) noexcept override {}

  void begin_pass() override { inputs_.clear(); }
  void grow_arena(size_t bytes, bool) override { arena_.resize(bytes); }
  size_t arena_bytes() const noexcept override { return arena_.size(); }
  void copy_in(Memory inputs) override {
    inputs_.insert(inputs_.end(), inputs.data(), inputs.data() + inputs.size());
  }
  void run(const Command& command, const Weights& weights) override {
    const Operands operands{arena_.data(), inputs_.data(), weights};
    switch (command.op()) {
      case Op::fill:
        std::memset(operands.any(command.place(0)), static_cast<int>(command.size(1)),
                    static_cast<size_t>(command.size(0)));
        return;
#define RUN_OP(name, Params) \
  case Op::name:             \
    return run<Params>(command, operands);
        RIPVEC_OPS(RUN_OP)
#undef RUN_OP
    }
  }
  void copy_out(const ResultPlace& result, Done done) override {
    const auto& from = result.place.space == Space::arena ? arena_ : inputs_;
    Memory copy(result.bytes);
    std::copy_n(from.data() + result.place.offset, result.bytes, copy.data());
    done(std::move(copy), nullptr);
  }
  void close() noexcept override { arena_.clear(); }

 private:
  template <class Params>
  static void run(const Command& command, const Operands& operands) {
    if constexpr (HasKernel<Params>) {
      kernel(decode<Params>(command, operands));
    } else {
      throw device_error("this driver has no such kernel");
    }
  }
  static float widened(uint32_t bits, DType dtype) {
    if (dtype == DType::f32) return std::bit_cast<float>(bits);
    if (dtype == DType::bf16) return std::bit_cast<float>(bits << 16);
    const int exponent = static_cast<int>(bits >> 10 & 31);
    const auto fraction = static_cast<float>(bits & 1023);
    const float size = exponent == 31  ? (fraction == 0 ? INFINITY : NAN)
                       : exponent == 0 ? std::ldexp(fraction, -24)
                                       : std::ldexp(fraction + 1024, exponent - 25);
    return bits >> 15 ? -size : size;
  }

  std::vector<std::byte> arena_, inputs_;
};

}  // namespace ripvec
