// The matrix micro-kernel. A tile of c stays in registers during the loop over k.
//
//   c [rows, vectors·kLanes] = a [rows, k] · b [k, vectors·kLanes], or c += a · b
//
// Every element is one chain of fused multiply-adds over k in ascending order, starting from 0; the
// old value of c is added at the end. The storage of b changes its values, not the arithmetic. The
// height of a tile and the position of a row in it therefore change no bit.
#pragma once

#include "runtime/load_as.h"
#include "runtime/simd.h"

namespace ripvec::RIPVEC_ISA {

/** a[i, k] at p[i·stride + k]. */
struct Rows {
  const float* p;
  int64_t stride;
  float at(int64_t i, int64_t k) const { return p[i * stride + k]; }
};

/** a[i, k] at p[k·stride + i]. */
struct Columns {
  const float* p;
  int64_t stride;
  float at(int64_t i, int64_t k) const { return p[k * stride + i]; }
};

/** Row k of b at p + k·stride. */
struct Strided {
  const float* p;
  int64_t stride;
  V at(int64_t k, int j) const { return load(p + k * stride + j * kLanes); }
  void look_ahead(int64_t) const {}
};

/** A packed panel, and the memory that is needed next: each row prefetches one cache line of it. */
template <DType kStorage>
struct Panel {
  const unsigned char* p;
  const unsigned char* ahead;
  V at(int64_t k, int j) const {
    return load_as<kStorage>(p + (k * kTileVectors + j) * kLanes * bytes_of(kStorage));
  }
  void look_ahead(int64_t k) const { prefetch_l2(ahead + k * kLineBytes); }
};

/** Computes a tile. The rows of c are `c_stride` floats apart. */
template <int kRows, int kVectors, class A, class B>
static void tile(A a, B b, float* c, int64_t c_stride, int64_t k, bool accumulate) {
  V sums[kRows][kVectors];
  RIPVEC_UNROLL
  for (int i = 0; i < kRows; i++) {
    RIPVEC_UNROLL
    for (int j = 0; j < kVectors; j++) sums[i][j] = zero();
  }
  for (int64_t kk = 0; kk < k; kk++) {
    V row[kVectors];
    RIPVEC_UNROLL
    for (int j = 0; j < kVectors; j++) row[j] = b.at(kk, j);
    b.look_ahead(kk);
    RIPVEC_UNROLL
    for (int i = 0; i < kRows; i++) {
      const V left = splat(a.at(i, kk));
      RIPVEC_UNROLL
      for (int j = 0; j < kVectors; j++) sums[i][j] = fma(left, row[j], sums[i][j]);
    }
  }
  RIPVEC_UNROLL
  for (int i = 0; i < kRows; i++) {
    RIPVEC_UNROLL
    for (int j = 0; j < kVectors; j++) {
      float* to = c + i * c_stride + j * kLanes;
      store(to, accumulate ? add(load(to), sums[i][j]) : sums[i][j]);
    }
  }
}

template <class A, class B>
using TileFunction = void (*)(A, B, float*, int64_t, int64_t, bool);

/** Returns `tile` for a height of `rows`, which is at most kTileRows. */
template <int kVectors, class A, class B, int kRows = kTileRows>
static TileFunction<A, B> tile_of(int64_t rows) {
  if constexpr (kRows == 1) {
    return tile<1, kVectors, A, B>;
  } else {
    return rows == kRows ? tile<kRows, kVectors, A, B> : tile_of<kVectors, A, B, kRows - 1>(rows);
  }
}

/** The height of the next tile if `rows` rows are left. Heights are equalised, so that the last
 * tile is not very small. */
RIPVEC_INLINE int64_t tile_height(int64_t rows) {
  const int64_t tiles = (rows + kTileRows - 1) / kTileRows;
  return (rows + tiles - 1) / tiles;
}

/** Fetches the lines of c that a tile will write. */
RIPVEC_INLINE void prefetch_tile(float* c, int64_t c_stride, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = 0; j < columns; j += kCacheLine) prefetch_to_write(c + i * c_stride + j);
  }
}

}  // namespace ripvec::RIPVEC_ISA
