// add_bias: out = x + bias, x and out [rows, cols], bias [cols]. A thread owns whole rows.
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void add_bias(ThreadPool& pool, const AddBias& args) {
  parallel_rows(pool, args.rows, args.cols, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const int64_t at = row * args.cols;
      transform(
          args.cols, args.out + at, [](V x, V bias) { return add(x, bias); }, args.x + at,
          args.bias);
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
