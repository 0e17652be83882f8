// The micro-kernel of 8-bit products. A tile of sums stays in registers during the loop over k.
//
//   out[i, j] = scale_i · (scale_j · Σ (left[i, k] − zero_i) · weight[k, j]) + bias[j]
//
// The sum is a whole number below 2³¹ (kMaxInputsI8) and therefore exact: neither the height of a
// tile nor its position changes a bit.
#pragma once

#include "runtime/packed_i8.h"
#include "runtime/quantize.h"

namespace ripvec::RIPVEC_ISA {

/** Quantised rows of x, `stride` elements apart. */
struct QuantizedRows {
  Left* left;
  RowScale* scales;
  int64_t stride;
};

/** kPanelColumns columns of out, with rows `stride` floats apart. */
struct TileOut {
  float* p;
  int64_t stride;
};

/** A panel, and the memory that is needed next: each group prefetches one cache line of it. */
struct TileRight {
  PanelI8 panel;
  int64_t groups;
  const int8_t* ahead;
};

template <int kRows>
static void tile_i8(QuantizedRows x, const TileRight& y, const float* bias, TileOut out) {
  const PanelI8 panel = y.panel;
  const int8_t* const ahead = y.ahead;
  Sums sums[kRows][kTileVectors];
  RIPVEC_UNROLL
  for (int i = 0; i < kRows; i++) {
    RIPVEC_UNROLL
    for (int j = 0; j < kTileVectors; j++) {
      sums[i][j] = scaled(panel.sums + j * kLanes, -x.scales[i].zero);
    }
  }
  for (int64_t g = 0; g < y.groups; g++) {
    prefetch_l2(ahead + g * kLineBytes);
    Group right[kTileVectors];
    RIPVEC_UNROLL
    for (int j = 0; j < kTileVectors; j++) {
      right[j] = load_group(panel.weights + (g * kPanelColumns + j * kLanes) * kGroup);
    }
    RIPVEC_UNROLL
    for (int i = 0; i < kRows; i++) {
      const Group left = splat_group(x.left + i * x.stride + g * kGroup);
      RIPVEC_UNROLL
      for (int j = 0; j < kTileVectors; j++) sums[i][j] = dot(sums[i][j], left, right[j]);
    }
  }
  RIPVEC_UNROLL
  for (int i = 0; i < kRows; i++) {
    const V scale = splat(x.scales[i].scale);
    RIPVEC_UNROLL
    for (int j = 0; j < kTileVectors; j++) {
      const V sum = mul(to_floats(sums[i][j]), load(panel.scales + j * kLanes));
      store(out.p + i * out.stride + j * kLanes, fma(sum, scale, load(bias + j * kLanes)));
    }
  }
}

using TileI8 = void (*)(QuantizedRows, const TileRight&, const float*, TileOut);

/** Returns `tile_i8` for a height of `rows`, which is at most kTileRows. */
template <int kRows = kTileRows>
static TileI8 tile_i8_of(int64_t rows) {
  if constexpr (kRows == 1) {
    return tile_i8<1>;
  } else {
    return rows == kRows ? tile_i8<kRows> : tile_i8_of<kRows - 1>(rows);
  }
}

}  // namespace ripvec::RIPVEC_ISA
