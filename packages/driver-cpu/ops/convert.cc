// convert: out = x in another dtype. Threads own ranges of elements.
//
// Numerics: every value passes through f64, which represents all f32, f16, bf16, i8 and i32 values
// exactly. A conversion to a float type rounds once, to nearest even; for a 16-bit float, the
// intermediate step f64 → f32 rounds to odd, so that the second step gives the correct result. A
// conversion to an integer type truncates and saturates, and NaN becomes 0.
#include "runtime/half.h"
#include "runtime/load_as.h"
#include "runtime/parallel.h"
#include "runtime/set_kernels.h"

namespace ripvec::RIPVEC_ISA {
namespace {

/** Rounds x to odd: towards zero, with the last bit set if the result is inexact. Narrowing the
 * result to 16 bits rounds as narrowing x itself would. */
float round_to_odd(double x) {
  float near = static_cast<float>(x);
  if (static_cast<double>(near) == x || x != x) return near;
  uint32_t bits = bits_of(near);
  const double size = x < 0 ? -x : x;
  const double near_size = near < 0 ? -static_cast<double>(near) : static_cast<double>(near);
  if (near_size > size) bits--;
  return float_of(bits | 1u);
}

template <class T>
T saturate(double x, double low, double high) {
  if (x != x) return 0;
  return static_cast<T>(x < low ? low : x > high ? high : x);
}

template <DType kFrom>
double read(const unsigned char* p) {
  if constexpr (kFrom == DType::i8) {
    int8_t value;
    memcpy(&value, p, sizeof value);
    return value;
  } else if constexpr (kFrom == DType::i32) {
    int32_t value;
    memcpy(&value, p, sizeof value);
    return value;
  } else if constexpr (kFrom == DType::f32) {
    float value;
    memcpy(&value, p, sizeof value);
    return static_cast<double>(value);
  } else {
    uint16_t value;
    memcpy(&value, p, sizeof value);
    return static_cast<double>(kFrom == DType::f16 ? f16_to_f32(value) : bf16_to_f32(value));
  }
}

template <DType kTo>
void write(unsigned char* p, double x) {
  if constexpr (kTo == DType::i8) {
    const int8_t value = saturate<int8_t>(x, -128, 127);
    memcpy(p, &value, sizeof value);
  } else if constexpr (kTo == DType::i32) {
    const int32_t value = saturate<int32_t>(x, -2147483648.0, 2147483647.0);
    memcpy(p, &value, sizeof value);
  } else if constexpr (kTo == DType::f32) {
    const float value = static_cast<float>(x);
    memcpy(p, &value, sizeof value);
  } else {
    const float odd = round_to_odd(x);
    const uint16_t value = kTo == DType::f16 ? f32_to_f16(odd) : f32_to_bf16(odd);
    memcpy(p, &value, sizeof value);
  }
}

template <DType kFrom, DType kTo>
void convert_range(const Convert& args, int64_t begin, int64_t end) {
  const auto* from = static_cast<const unsigned char*>(args.x);
  auto* to = static_cast<unsigned char*>(args.out);
  for (int64_t i = begin; i < end; i++) {
    write<kTo>(to + i * bytes_of(kTo), read<kFrom>(from + i * bytes_of(kFrom)));
  }
}

using RangeFunction = void (*)(const Convert&, int64_t, int64_t);

template <DType kFrom>
RangeFunction range_function(DType to) {
  switch (to) {
    case DType::f32:
      return convert_range<kFrom, DType::f32>;
    case DType::f16:
      return convert_range<kFrom, DType::f16>;
    case DType::bf16:
      return convert_range<kFrom, DType::bf16>;
    case DType::i8:
      return convert_range<kFrom, DType::i8>;
    case DType::i32:
      return convert_range<kFrom, DType::i32>;
    case DType::i64:
      break;
  }
  return nullptr;
}

RangeFunction range_function(DType from, DType to) {
  switch (from) {
    case DType::f32:
      return range_function<DType::f32>(to);
    case DType::f16:
      return range_function<DType::f16>(to);
    case DType::bf16:
      return range_function<DType::bf16>(to);
    case DType::i8:
      return range_function<DType::i8>(to);
    case DType::i32:
      return range_function<DType::i32>(to);
    case DType::i64:
      break;
  }
  return nullptr;
}

}  // namespace

void convert(ThreadPool& pool, const Convert& args) {
  const RangeFunction range = range_function(args.x_dtype, args.out_dtype);
  parallel_for(pool, args.size, kChunkFloats,
               [&](int64_t begin, int64_t end, int) { range(args, begin, end); });
}

}  // namespace ripvec::RIPVEC_ISA
