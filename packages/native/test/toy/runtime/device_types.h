// What operands are on the toy: host pointers. Absent: null.
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
