// Blocked matrix product after Goto and van de Geijn (2008), with b packed in advance.
//
//   task      a thread computes up to kBlockRows rows of a times a range of panels of b
//   depth     k is divided into steps of kDepth. A panel's step (48 KB with AVX-512) and the rows
//             of a for a tile are read from L1, or stream from L2 faster than the multipliers need
//             them
//   block     the rows of a for a step (150 KB) stay in L2 for all panels of the task. If rows are
//             a multiple of 4096 bytes apart, they would share one set of L1, so they are first
//             copied with a stride that spreads them over the sets
//   prefetch  while a panel is multiplied, the bytes that the thread reads next are fetched into
//             L2; at the end of the thread's share this is its first panel of the next weight.
//             Before a tile begins, the lines of out that it will write are fetched. For a short
//             text, all weights stream from memory, which takes as long as multiplying them
//   epilogue  bias and activation are applied to a tile right after its last step, while it is in
//             L1
//
// Numerics: each element is one FMA chain in each step of k (runtime/tile.h), and the sums of the
// steps are added in order. A row of out is batch-invariant: it does not depend on m, on the other
// rows, on how the work is divided or on the number of threads. At K = 1536 the error of the sum is
// half that of one long chain.
#include "runtime/matmul.h"

#include "runtime/math.h"
#include "runtime/tile.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {
namespace {

constexpr int64_t kDepth = 384;
// The distance in floats between addresses of the same set in an L1 cache of 64 sets.
constexpr int64_t kSetStride = 1024;
constexpr int64_t kStride = kDepth + kCacheLine;

/** The rows of a in one step of k, in place or copied to `scratch`. */
Rows step_rows(const Matmul& args, Range rows, int64_t from, int64_t depth, float* scratch) {
  const float* a = args.a + rows.begin * args.k + from;
  const bool share_a_set = args.k % kSetStride == 0 && rows.end - rows.begin > kTileRows;
  if (!share_a_set) return {a, args.k};
  for (int64_t row = 0; row < rows.end - rows.begin; row++) {
    copy_floats(scratch + row * kStride, a + row * args.k, depth);
  }
  return {scratch, kStride};
}

template <DType kStorage>
struct TileArgs {
  Rows a;
  Panel<kStorage> b;
  int64_t rows, depth;
  bool accumulate;
};

template <DType kStorage>
void whole_tile(const TileArgs<kStorage>& t, float* out, int64_t n) {
  tile_of<kTileVectors, Rows, Panel<kStorage>>(t.rows)(t.a, t.b, out, n, t.depth, t.accumulate);
}

/** Computes a tile in the last panel if n does not fill it: the whole tile is computed in a buffer,
 * and its first `columns` columns are kept. */
template <DType kStorage>
void edge_tile(const TileArgs<kStorage>& t, float* out, int64_t n, int64_t columns) {
  float whole[kTileRows * kPanelColumns] = {};
  const size_t bytes = static_cast<size_t>(columns) * sizeof(float);
  if (t.accumulate) {
    for (int64_t i = 0; i < t.rows; i++) memcpy(whole + i * kPanelColumns, out + i * n, bytes);
  }
  whole_tile(t, whole, kPanelColumns);
  for (int64_t i = 0; i < t.rows; i++) memcpy(out + i * n, whole + i * kPanelColumns, bytes);
}

template <GeluForm kActivation>
void finish_tile(const float* bias, float* out, int64_t n, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++) {
    float* p = out + i * n;
    int64_t j = 0;
    for (; j + kLanes <= columns; j += kLanes) {
      const V x = bias ? add(load(p + j), load(bias + j)) : load(p + j);
      store(p + j, activate<kActivation>(x));
    }
    if (const int64_t left = columns - j) {
      const V x = bias ? add(load_n(p + j, left), load_n(bias + j, left)) : load_n(p + j, left);
      store_n(p + j, activate<kActivation>(x), left);
    }
  }
}

void finish_tile(const Matmul& args, int64_t row, int64_t rows, int64_t column, int64_t columns) {
  float* out = args.out + row * args.n + column;
  const float* bias = args.bias ? args.bias + column : nullptr;
  switch (args.activation) {
    case GeluForm::erf:
      return finish_tile<GeluForm::erf>(bias, out, args.n, rows, columns);
    case GeluForm::tanh:
      return finish_tile<GeluForm::tanh>(bias, out, args.n, rows, columns);
    case GeluForm::none:
      if (bias) finish_tile<GeluForm::none>(bias, out, args.n, rows, columns);
  }
}

/** One step of k of one panel for a block of rows, and its position in the product. */
struct Step {
  Rows a;
  const unsigned char* b;
  /** The bytes that are needed next, as many as this step reads from b. */
  const unsigned char* ahead;
  int64_t from, depth;
  int64_t column, columns;
};

/** Computes one step. Each of the first tiles prefetches a part of the next panel, and the later
 * tiles have nothing left to prefetch. */
template <DType kStorage>
void panel_step(const Matmul& args, Range rows, const Step& step) {
  constexpr int64_t kRowBytes = kPanelColumns * bytes_of(kStorage);
  const int64_t height = tile_height(rows.end - rows.begin);
  const unsigned char* ahead = step.ahead;
  const unsigned char* const ahead_end = ahead + step.depth * kRowBytes;
  for (int64_t row = rows.begin; row < rows.end; row += height) {
    const int64_t tile_rows = rows.end - row < height ? rows.end - row : height;
    float* out = args.out + row * args.n + step.column;
    const TileArgs<kStorage> t = {
        .a = {step.a.p + (row - rows.begin) * step.a.stride, step.a.stride},
        .b = {step.b, ahead < ahead_end ? ahead : step.b},
        .rows = tile_rows,
        .depth = step.depth,
        .accumulate = step.from > 0};
    ahead += step.depth * kLineBytes;
    if (!t.accumulate) prefetch_tile(out, args.n, tile_rows, step.columns);
    if (step.columns == kPanelColumns) {
      whole_tile(t, out, args.n);
    } else {
      edge_tile(t, out, args.n, step.columns);
    }
    const bool last = step.from + step.depth == args.k;
    if (last) finish_tile(args, row, tile_rows, step.column, step.columns);
  }
}

template <DType kStorage>
void block(const Matmul& args, Range rows, Range panels, const unsigned char* after,
           float* scratch) {
  constexpr int64_t kRowBytes = kPanelColumns * bytes_of(kStorage);
  const auto at = [&](int64_t panel, int64_t from) {
    return static_cast<const unsigned char*>(args.b.data) + (panel * args.k + from) * kRowBytes;
  };
  int64_t from = 0;
  do {
    const int64_t depth = args.k - from < kDepth ? args.k - from : kDepth;
    const Rows a = step_rows(args, rows, from, depth, scratch);
    for (int64_t panel = panels.begin; panel < panels.end; panel++) {
      const int64_t column = panel * kPanelColumns;
      const int64_t left = args.n - column;
      const bool last_panel = panel + 1 == panels.end, last_step = from + depth == args.k;
      const unsigned char* ahead =
          last_panel ? last_step ? after : at(panels.begin, from + depth) : at(panel + 1, from);
      panel_step<kStorage>(args, rows,
                           {.a = a,
                            .b = at(panel, from),
                            .ahead = ahead ? ahead : at(panel, from),
                            .from = from,
                            .depth = depth,
                            .column = column,
                            .columns = left < kPanelColumns ? left : kPanelColumns});
    }
    from += depth;
  } while (from < args.k);
}

}  // namespace

const int64_t kMatmulScratch = kBlockRows * kStride;

void matmul_block(const Matmul& args, Range rows, Range panels, const unsigned char* after,
                  float* scratch) {
  switch (args.b.storage) {
    case DType::f16:
      return block<DType::f16>(args, rows, panels, after, scratch);
    case DType::bf16:
      return block<DType::bf16>(args, rows, panels, after, scratch);
    default:
      return block<DType::f32>(args, rows, panels, after, scratch);
  }
}

void matmul(ThreadPool& pool, const Matmul& args) {
  pool.reserve_scratch(static_cast<size_t>(kMatmulScratch));
  const int64_t panel_bytes = args.k * kPanelColumns * bytes_of(args.b.storage);
  parallel_blocks(pool, args.m, args.n, args.k, [&](const Block& block) {
    matmul_block(args, block.rows, block.panels, after(pool, block, args.b, args.n, panel_bytes),
                 pool.scratch(block.worker));
  });
}

}  // namespace ripvec::RIPVEC_ISA
