// The operands of kernels are pointers into host memory; an absent operand is null. All floats are
// f32. A driver that uses the template includes this as its "runtime/device_types.h".
#pragma once

#include <cstdint>

namespace ripvec {

using Input = const float*;
using Output = float*;
using InputF32 = const float*;
using OutputF32 = float*;
using InputAny = const void*;
using OutputAny = void*;
using Ids = const int32_t*;
using Matrix = const float*;
using Table = const float*;

struct Sequences {
  const int32_t* cu_seqlens;
  int64_t batch, max_seq_len;
};

}  // namespace ripvec
