#pragma once

#include <cstddef>

#include "engine/command.h"
#include "engine/weights.h"
#include "runtime/device_types.h"
#include "runtime/panel_order.h"

namespace ripvec {

/** Makes the operands of a command from their places. Throws Error DEVICE for a weight that was
 * released or has another role. For a matrix whose packing failed, throws that failure. */
class Operands {
 public:
  Operands(std::byte* arena, std::byte* inputs, const Weights& weights, PanelOrder& order)
      : arena_(arena), inputs_(inputs), weights_(weights), order_(order) {}

  Input input(Place place) const { return static_cast<const float*>(raw(place)); }
  Output output(Place place) const { return static_cast<float*>(raw(place)); }
  InputF32 input_f32(Place place) const { return input(place); }
  OutputF32 output_f32(Place place) const { return output(place); }
  InputAny input_any(Place place) const { return raw(place); }
  OutputAny output_any(Place place) const { return raw(place); }
  Ids ids(Place place) const { return static_cast<const int32_t*>(raw(place)); }
  Matrix matrix(Place place) const;
  Table table(Place place) const;
  Sequences sequences(Place cu_seqlens, int64_t batch, int64_t max_seq_len) const {
    return {.cu_seqlens = ids(cu_seqlens), .batch = batch, .max_seq_len = max_seq_len};
  }

 private:
  /** Null if the tensor is absent. */
  void* raw(Place place) const;

  std::byte* arena_;
  std::byte* inputs_;
  const Weights& weights_;
  PanelOrder& order_;
};

}  // namespace ripvec
