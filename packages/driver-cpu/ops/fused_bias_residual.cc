// fused_bias_residual: out = (x + bias) + residual, x and residual [rows, cols], bias [cols]. A
// thread owns whole rows. The additions run in this order, as in the composed form.
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void fused_bias_residual(ThreadPool& pool, const FusedBiasResidual& args) {
  parallel_rows(pool, args.rows, args.cols, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const int64_t at = row * args.cols;
      transform(
          args.cols, args.out + at,
          [](V x, V bias, V residual) { return add(add(x, bias), residual); }, args.x + at,
          args.bias, args.residual + at);
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
