// gemm_batched: `batch` products out[g] = a[g] · b[g], or a[g] · b[g]ᵀ, each on one thread. a[g]
// [m, k] begins at g · stride_a, b[g] [k, n] (or [n, k]) at g · stride_b, and out[g] [m, n] at g ·
// stride_out. A thread packs b[g] into its scratch and runs the blocked product of
// runtime/matmul.cc on it, with the numerics described there. If there are fewer products than
// threads, the threads share each product instead.
#include "runtime/matmul.h"
#include "runtime/set_kernels.h"

namespace ripvec::RIPVEC_ISA {
namespace {

// The multiply-adds that a chunk should hold: many tiny products form one chunk.
constexpr int64_t kChunkWork = 1 << 17;

void one_product(const GemmBatched& args, int64_t g, float* scratch) {
  const float* b = args.b + g * args.stride_b;
  float* packed = scratch + kMatmulScratch;
  const int64_t panels = panels_of(args.n);
  if (args.transpose_b) {
    const PackMatrix rows = {.src = b,
                             .dtype = DType::f32,
                             .storage = DType::f32,
                             .dst = packed,
                             .n = args.n,
                             .k = args.k};
    for (int64_t panel = 0; panel < panels; panel++) pack_panel(rows, panel);
  } else {
    pack_columns(b, packed, args.n, args.k, 0, panels);
  }
  const Matmul product = {.a = args.a + g * args.stride_a,
                          .b = {.data = packed, .storage = DType::f32},
                          .bias = nullptr,
                          .activation = GeluForm::none,
                          .out = args.out + g * args.stride_out,
                          .m = args.m,
                          .n = args.n,
                          .k = args.k};
  for (int64_t row = 0; row < args.m; row += kBlockRows) {
    const int64_t end = args.m - row < kBlockRows ? args.m : row + kBlockRows;
    matmul_block(product, {row, end}, {0, panels}, nullptr, scratch);
  }
}

}  // namespace

void gemm_batched(ThreadPool& pool, const GemmBatched& args) {
  if (args.m == 0 || args.n == 0 || args.batch == 0) return;
  if (args.batch < pool.threads()) {
    for (int64_t g = 0; g < args.batch; g++) {
      gemm(pool, {.a = args.a + g * args.stride_a,
                  .b = {.plain = args.b + g * args.stride_b},
                  .out = args.out + g * args.stride_out,
                  .m = args.m,
                  .n = args.n,
                  .k = args.k,
                  .transpose_b = args.transpose_b});
    }
    return;
  }
  pool.reserve_scratch(static_cast<size_t>(kMatmulScratch + packed_floats(args.n, args.k)));
  const int64_t work = (args.m + 4) * (packed_floats(args.n, args.k) + 1);
  const int64_t grain = work < kChunkWork ? kChunkWork / work : 1;
  parallel_for(pool, args.batch, grain, [&](int64_t begin, int64_t end, int worker) {
    for (int64_t g = begin; g < end; g++) one_product(args, g, pool.scratch(worker));
  });
}

}  // namespace ripvec::RIPVEC_ISA
