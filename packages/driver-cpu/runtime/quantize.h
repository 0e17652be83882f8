// Quantises rows of floats to whole numbers times a scale.
//
//   weights      q = round(w / scale) in −127 … 127, scale = max|w| / 127
//   activations  q = round(x / scale) in −z … 255 − z, scale = (max − min) / 255, z = round(−min /
//                scale); min and max include 0, which is represented exactly
//
// A scale is at least the smallest normal float. Zeros therefore stay zeros, and the error for
// smaller numbers is below 1e-38.
#pragma once

#include "runtime/dot.h"
#include "runtime/load_as.h"

namespace ripvec::RIPVEC_ISA {

/** The smallest and the largest value of a row and 0, and whether the row is all finite. */
struct Extremes {
  float low, high;
  bool finite;
};

template <DType kFrom>
RIPVEC_INLINE Extremes extremes_of(const void* row, int64_t n) {
  const auto* p = static_cast<const unsigned char*>(row);
  const int64_t size = bytes_of(kFrom);
  V low = zero(), high = zero(), poison = zero();
  const auto look_at = [&](V v) {
    low = max(low, sub(zero(), v));
    high = max(high, v);
    poison = fma(v, zero(), poison);
  };
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) look_at(load_as<kFrom>(p + i * size));
  if (i < n) look_at(load_as_n<kFrom>(p + i * size, n - i));
  return {.low = -max_lane(low), .high = max_lane(high), .finite = sum(poison) == 0.0f};
}

RIPVEC_INLINE float at_least_normal(float scale) {
  constexpr float kSmallest = 0x1p-126f;
  return scale < kSmallest ? kSmallest : scale;
}

RIPVEC_INLINE float weight_scale(Extremes e) {
  return at_least_normal((-e.low > e.high ? -e.low : e.high) / 127.0f);
}

RIPVEC_INLINE V quantized_weights(V v, float inverse) {
  return clamp(round(mul(v, splat(inverse))), -127.0f, 127.0f);
}

/** Halves both ends first, so that the range of the largest floats does not overflow. */
RIPVEC_INLINE float activation_scale(Extremes e) {
  return at_least_normal((0.5f * e.high - 0.5f * e.low) / 127.5f);
}

/** Dequantises a row of `Left`: x ≈ scale · (left − zero). */
struct RowScale {
  float scale;
  int32_t zero;
};

/**
 * Quantises a row. `left` has space for n elements and up to kLanes − 1 more, which are set to the
 * stored value of 0. If the row has NaN or infinity, the scale is NaN.
 */
RIPVEC_INLINE RowScale quantize_row(const float* x, int64_t n, Left* left) {
  const Extremes e = extremes_of<DType::f32>(x, n);
  if (!e.finite) {
    memset(left, 0, static_cast<size_t>(n) * sizeof(Left));
    return {.scale = NAN, .zero = 0};
  }
  const float scale = activation_scale(e), inverse = 1.0f / scale;
  const auto zero_point = static_cast<int32_t>(rintf(-e.low * inverse));
  const int32_t zero = stored_zero(zero_point);
  const auto lowest = static_cast<float>(-zero_point);
  const auto quantized = [&](V v) {
    const V q = clamp(round(mul(v, splat(inverse))), lowest, lowest + 255.0f);
    return add(q, splat(static_cast<float>(zero)));
  };
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) store_left(left + i, quantized(load(x + i)));
  if (i < n) store_left(left + i, quantized(load_n(x + i, n - i)));
  return {.scale = scale, .zero = zero};
}

}  // namespace ripvec::RIPVEC_ISA
