// layer_norm: out = (x − mean) / √(var + eps) · weight + bias over each row of x [rows, cols].
// A thread owns whole rows. Numerics: runtime/normalize_row.h.
#include "runtime/normalize_row.h"
#include "runtime/parallel.h"
#include "runtime/set_kernels.h"

namespace ripvec::RIPVEC_ISA {

void layer_norm(ThreadPool& pool, const LayerNorm& args) {
  parallel_rows(pool, args.rows, args.cols, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const int64_t at = row * args.cols;
      normalize_row(args.x + at, args.weight, args.bias, args.out + at, args.cols, args.eps);
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
