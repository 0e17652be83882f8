// l2_normalize: out = x / max(‖x‖₂, 1e-12) over each row of x [rows, cols]. A thread owns whole
// rows. The squares are added in f64, so that they neither overflow nor underflow, in four
// interleaved partial sums.
#include <math.h>

#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {
namespace {

double norm(const float* x, int64_t n) {
  double sums[4] = {};
  int64_t i = 0;
  for (; i + 4 <= n; i += 4) {
    for (int u = 0; u < 4; u++) sums[u] += static_cast<double>(x[i + u]) * x[i + u];
  }
  for (; i < n; i++) sums[0] += static_cast<double>(x[i]) * x[i];
  return ::sqrt((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

}  // namespace

void l2_normalize(ThreadPool& pool, const L2Normalize& args) {
  parallel_rows(pool, args.rows, args.cols, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const float* x = args.x + row * args.cols;
      float* out = args.out + row * args.cols;
      const double length = norm(x, args.cols);
      const double divisor = length < 1e-12 ? 1e-12 : length;
      for (int64_t i = 0; i < args.cols; i++) out[i] = static_cast<float>(x[i] / divisor);
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
