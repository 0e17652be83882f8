// fused_residual_layer_norm: sum = x + residual, out = layer_norm(sum) over rows of [rows, cols].
// A thread owns whole rows: it writes a row's sum (to out if `sum` is absent) and normalises it
// while it is in the L1 cache. Numerics: runtime/normalize_row.h.
#include "runtime/normalize_row.h"
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void fused_residual_layer_norm(ThreadPool& pool, const FusedResidualLayerNorm& args) {
  float* sums = args.sum ? args.sum : args.out;
  parallel_rows(pool, args.rows, args.cols, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const int64_t at = row * args.cols;
      transform(
          args.cols, sums + at, [](V x, V residual) { return add(x, residual); }, args.x + at,
          args.residual + at);
      normalize_row(sums + at, args.weight, args.bias, args.out + at, args.cols, args.eps);
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
