// A product of 8-bit integers: x is quantised row by row when the product runs, the weight was when
// it was packed.
//
//   task      kBlockRows rows of x times a range of panels of the weight, on one thread
//   x         with one range, the task quantises its rows into its own scratch (150 KB at K = 1536,
//             L2); with several, threads first share the rows of all of x
//   depth     k is not cut: a quarter of the bytes of f32, a panel streams from L2 meanwhile
//   epilogue  scales and bias leave the registers with the sums (runtime/tile_i8.h), the activation
//             runs over the tile out of L1
//
// Numerics: a row of out depends on that row of x and the weight alone. Sums are exact.
#include "runtime/matmul_i8.h"

#include "runtime/math.h"
#include "runtime/matmul.h"
#include "runtime/parallel.h"
#include "runtime/tile.h"
#include "runtime/tile_i8.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {
namespace {

constexpr int64_t kBlockRows = 96 / kTileRows * kTileRows + (96 % kTileRows ? kTileRows : 0);

// As in runtime/matmul.cc, for four times the products a second.
constexpr int64_t kTasksPerThread = 8;
constexpr int64_t kTaskWork = 1 << 22;
constexpr int64_t kRowsWorthOfMovingWeights = 32;

constexpr float kNoBias[kPanelColumns] = {};

int64_t divide_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

/** Whole vectors, and a cache line more, which spreads rows over the cache's sets. */
int64_t stride_of(int64_t k) {
  constexpr int64_t kLine = 64 / sizeof(Left);
  return (divide_up(k, kLine) + 1) * kLine;
}

int64_t quantized_floats(int64_t rows, int64_t k) {
  const int64_t bytes = rows * (stride_of(k) * int64_t{sizeof(Left)} + int64_t{sizeof(RowScale)});
  return bytes / int64_t{sizeof(float)};
}

QuantizedRows rows_in(float* scratch, int64_t rows, int64_t k) {
  auto* left = reinterpret_cast<Left*>(scratch);
  const int64_t stride = stride_of(k);
  return {
      .left = left, .scales = reinterpret_cast<RowScale*>(left + rows * stride), .stride = stride};
}

QuantizedRows from_row(QuantizedRows x, int64_t row) {
  return {.left = x.left + row * x.stride, .scales = x.scales + row, .stride = x.stride};
}

/** Rows of args.x to the first rows of `to`. */
void quantize_rows(const Linear& args, Range rows, QuantizedRows to) {
  for (int64_t row = rows.begin; row < rows.end; row++) {
    const int64_t i = row - rows.begin;
    to.scales[i] = quantize_row(args.x + row * args.inputs, args.inputs, to.left + i * to.stride);
  }
}

template <Activation kActivation>
void activate_tile(float* p, int64_t stride, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++, p += stride) {
    transform(
        columns, p, [](V x) { return activate<kActivation>(x); }, p);
  }
}

void activate_tile(Activation form, TileOut out, int64_t rows, int64_t columns) {
  switch (form) {
    case Activation::gelu_erf:
      return activate_tile<Activation::gelu_erf>(out.p, out.stride, rows, columns);
    case Activation::gelu_tanh:
      return activate_tile<Activation::gelu_tanh>(out.p, out.stride, rows, columns);
    case Activation::none:
      return;
  }
}

/** A tile in a panel that n doesn't fill: computed whole in a buffer, of which `columns` are kept.
 */
void edge_tile(QuantizedRows x, PanelI8 panel, int64_t groups, const float* bias, TileOut out,
               int64_t rows, int64_t columns) {
  float whole[kTileRows * kPanelColumns], whole_bias[kPanelColumns] = {};
  copy_floats(whole_bias, bias, columns);
  tile_i8_of(rows)(x, panel, groups, whole_bias, {whole, kPanelColumns});
  for (int64_t i = 0; i < rows; i++) {
    copy_floats(out.p + i * out.stride, whole + i * kPanelColumns, columns);
  }
}

/** A block of out; row rows.begin is the first of x. */
void multiply(const Linear& args, QuantizedRows x, Range rows, Range panels) {
  const int64_t n = args.outputs, groups = groups_of(args.inputs);
  const int64_t height = tile_height(rows.end - rows.begin);
  for (int64_t i = panels.begin; i < panels.end; i++) {
    const PanelI8 panel = panel_at(args.weight_packed.data, args.inputs, i);
    const int64_t column = i * kPanelColumns;
    const int64_t columns = n - column < kPanelColumns ? n - column : kPanelColumns;
    const float* bias = args.bias ? args.bias + column : kNoBias;
    for (int64_t row = rows.begin; row < rows.end; row += height) {
      const int64_t tile_rows = rows.end - row < height ? rows.end - row : height;
      const QuantizedRows tile_x = from_row(x, row - rows.begin);
      const TileOut out = {args.out + row * n + column, n};
      if (columns == kPanelColumns) {
        tile_i8_of(tile_rows)(tile_x, panel, groups, bias, out);
      } else {
        edge_tile(tile_x, panel, groups, bias, out, tile_rows, columns);
      }
      activate_tile(args.activation, out, tile_rows, columns);
    }
  }
}

/** How many ranges of panels make enough tasks of enough work. */
int64_t panel_parts(const Linear& args, int64_t row_parts, int threads) {
  if (threads == 1) return 1;
  const int64_t panels = panels_of(args.outputs);
  const int64_t wanted = divide_up(kTasksPerThread * threads, row_parts);
  const int64_t rows = divide_up(args.rows, row_parts);
  const int64_t panel_work = kPanelColumns * args.inputs * (rows + kRowsWorthOfMovingWeights);
  const int64_t worthwhile = panels * panel_work / kTaskWork;
  const int64_t parts = wanted < worthwhile ? wanted : worthwhile;
  return parts < 1 ? 1 : parts > panels ? panels : parts;
}

Range part_of(int64_t n, int64_t part, int64_t parts) {
  return {part * n / parts, (part + 1) * n / parts};
}

}  // namespace

void linear_i8(ThreadPool& pool, const Linear& args) {
  if (args.rows == 0 || args.outputs == 0) return;
  const int64_t panels = panels_of(args.outputs), k = args.inputs;
  const int64_t row_parts = divide_up(args.rows, kBlockRows);
  const int64_t parts = panel_parts(args, row_parts, pool.threads());
  if (parts == 1) {
    pool.reserve_scratch(static_cast<size_t>(quantized_floats(kBlockRows, k)));
    parallel_for(pool, row_parts, 1, [&](int64_t begin, int64_t end, int worker) {
      for (int64_t r = begin; r < end; r++) {
        const Range rows = part_of(args.rows, r, row_parts);
        const QuantizedRows x = rows_in(pool.scratch(worker), kBlockRows, k);
        quantize_rows(args, rows, x);
        multiply(args, x, rows, {0, panels});
      }
    });
    return;
  }
  float* scratch = pool.shared_scratch(static_cast<size_t>(quantized_floats(args.rows, k)));
  const QuantizedRows x = rows_in(scratch, args.rows, k);
  parallel_rows(pool, args.rows, k, [&](int64_t begin, int64_t end) {
    quantize_rows(args, {begin, end}, from_row(x, begin));
  });
  parallel_for(pool, row_parts * parts, 1, [&](int64_t begin, int64_t end, int) {
    for (int64_t task = begin; task < end; task++) {
      const Range rows = part_of(args.rows, task / parts, row_parts);
      multiply(args, from_row(x, rows.begin), rows, part_of(panels, task % parts, parts));
    }
  });
}

const Int8Kernels i8_kernels = {
    .packed_bytes = packed_bytes_i8, .pack = pack_i8, .linear = linear_i8};

}  // namespace ripvec::RIPVEC_ISA
