// A product of 8-bit integers. x is quantised row by row when the product runs; the weight was
// quantised when it was packed.
//
//   x         the threads first share the rows of x and quantise them into shared scratch
//   task      a thread computes up to kBlockRows rows of x times a range of panels of the weight
//   depth     k is not divided: at a quarter of the bytes of f32, a tile's rows and a panel usually
//             fit the L1 cache, and if they do not (K = 1536), L2 streams fast enough
//   prefetch  the next panel and the lines of out are prefetched as in runtime/matmul.cc
//   epilogue  scales and bias are applied to the sums in registers (runtime/tile_i8.h); the
//             activation is applied to the tile while it is in L1
//
// Numerics: a row of out depends only on that row of x and on the weight. Sums are exact.
#include "runtime/matmul_i8.h"

#include "runtime/blocks.h"
#include "runtime/math.h"
#include "runtime/tile.h"
#include "runtime/tile_i8.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {
namespace {

constexpr float kNoBias[kPanelColumns] = {};

/** The stride of a quantised row: whole cache lines and one more, which spreads the rows over the
 * sets of the cache. */
int64_t stride_of(int64_t k) {
  constexpr int64_t kLine = kLineBytes / sizeof(Left);
  return (divide_up(k, kLine) + 1) * kLine;
}

QuantizedRows from_row(QuantizedRows x, int64_t row) {
  return {.left = x.left + row * x.stride, .scales = x.scales + row, .stride = x.stride};
}

/** Quantises all rows of args.x into the pool's shared scratch. */
QuantizedRows quantize(ThreadPool& pool, const Linear& args) {
  const int64_t k = args.inputs, stride = stride_of(k);
  const int64_t row_bytes = stride * int64_t{sizeof(Left)} + int64_t{sizeof(RowScale)};
  const int64_t floats = args.rows * row_bytes / int64_t{sizeof(float)};
  auto* left = reinterpret_cast<Left*>(pool.shared_scratch(static_cast<size_t>(floats)));
  auto* scales = reinterpret_cast<RowScale*>(left + args.rows * stride);
  parallel_rows(pool, args.rows, k, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      scales[row] = quantize_row(args.x + row * k, k, left + row * stride);
    }
  });
  return {.left = left, .scales = scales, .stride = stride};
}

template <GeluForm kActivation>
void activate_tile(float* p, int64_t stride, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++, p += stride) {
    transform(columns, p, [](V x) { return activate<kActivation>(x); }, p);
  }
}

void activate_tile(GeluForm form, TileOut out, int64_t rows, int64_t columns) {
  switch (form) {
    case GeluForm::erf:
      return activate_tile<GeluForm::erf>(out.p, out.stride, rows, columns);
    case GeluForm::tanh:
      return activate_tile<GeluForm::tanh>(out.p, out.stride, rows, columns);
    case GeluForm::none:
      return;
  }
}

/** Computes a tile in the last panel if n does not fill it: the whole tile is computed in a buffer,
 * and its first `columns` columns are kept. */
void edge_tile(QuantizedRows left, const TileRight& right, const float* bias, TileOut out,
               int64_t rows, int64_t columns) {
  float whole[kTileRows * kPanelColumns], whole_bias[kPanelColumns] = {};
  copy_floats(whole_bias, bias, columns);
  tile_i8_of(rows)(left, right, whole_bias, {whole, kPanelColumns});
  for (int64_t i = 0; i < rows; i++) {
    copy_floats(out.p + i * out.stride, whole + i * kPanelColumns, columns);
  }
}

/** Computes the columns of one panel for the rows. The first tiles prefetch the bytes at `next`. */
void panel_product(const Linear& args, QuantizedRows x, Range rows, int64_t panel,
                   const int8_t* next) {
  const int64_t n = args.outputs, k = args.inputs, column = panel * kPanelColumns;
  const int64_t columns = n - column < kPanelColumns ? n - column : kPanelColumns;
  const float* bias = args.bias ? args.bias + column : kNoBias;
  const int64_t height = tile_height(rows.end - rows.begin);
  const PanelI8 weights = panel_at(args.weight.packed.data, k, panel);
  TileRight right = {.panel = weights, .groups = groups_of(k), .ahead = next};
  for (int64_t row = rows.begin; row < rows.end; row += height) {
    const int64_t tile_rows = rows.end - row < height ? rows.end - row : height;
    const QuantizedRows left = from_row(x, row);
    const TileOut out = {args.out + row * n + column, n};
    prefetch_tile(out.p, n, tile_rows, columns);
    if (columns == kPanelColumns) {
      tile_i8_of(tile_rows)(left, right, bias, out);
    } else {
      edge_tile(left, right, bias, out, tile_rows, columns);
    }
    activate_tile(args.activation, out, tile_rows, columns);
    right.ahead += right.groups * kLineBytes;
    if (right.ahead >= next + panel_bytes_i8(k)) right.ahead = weights.weights;
  }
}

}  // namespace

void linear_i8(ThreadPool& pool, const Linear& args) {
  if (args.rows == 0 || args.outputs == 0) return;
  const QuantizedRows x = quantize(pool, args);
  const int64_t panel_bytes = panel_bytes_i8(args.inputs);
  parallel_blocks(pool, args.rows, args.outputs, args.inputs, [&](const Block& block) {
    const auto* b = static_cast<const unsigned char*>(args.weight.packed.data);
    const auto* end = after(pool, block, args.weight.packed, args.outputs, panel_bytes);
    for (int64_t p = block.panels.begin; p < block.panels.end; p++) {
      const auto* next = p + 1 < block.panels.end ? b + (p + 1) * panel_bytes : end;
      panel_product(args, x, block.rows, p, reinterpret_cast<const int8_t*>(next));
    }
  });
}

const Int8Kernels i8_kernels = {
    .packed_bytes = packed_bytes_i8, .pack = pack_i8, .linear = linear_i8};

}  // namespace ripvec::RIPVEC_ISA
