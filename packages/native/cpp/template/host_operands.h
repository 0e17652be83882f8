// Operands and weights in host memory. A driver that uses the template includes this as its
// "runtime/operands.h".
#pragma once

#include <vector>

#include "engine/command.h"
#include "engine/weights.h"
#include "runtime/device_types.h"

namespace ripvec {

/** A weight as f32, for any dtype of its file. */
struct HostWeight final : DeviceWeight {
  std::vector<float> values;
  size_t memory_bytes() const override { return values.size() * sizeof(float); }
};

/** Finds the operands of a command in memory. */
struct Operands {
  std::byte *arena, *inputs;
  const Weights& weights;

  void* any(Place place) const {
    if (place.is_absent()) return nullptr;
    if (const auto number = place.weight()) {
      return static_cast<HostWeight&>(weights.get(*number)).values.data();
    }
    return (place.space == Space::arena ? arena : inputs) + place.offset;
  }
  float* output(Place place) const { return static_cast<float*>(any(place)); }
  const float* input(Place place) const { return output(place); }
  const float* input_f32(Place place) const { return output(place); }
  float* output_f32(Place place) const { return output(place); }
  const void* input_any(Place place) const { return any(place); }
  void* output_any(Place place) const { return any(place); }
  const float* matrix(Place place) const { return output(place); }
  const float* table(Place place) const { return output(place); }
  const int32_t* ids(Place place) const { return static_cast<const int32_t*>(any(place)); }
  Sequences sequences(Place place, int64_t batch, int64_t max_seq_len) const {
    return {ids(place), batch, max_seq_len};
  }
};

}  // namespace ripvec
