// split_gate_value: value = x[:, :cols], gate = x[:, cols:], x [rows, 2·cols]. A thread owns whole
// rows.
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void split_gate_value(ThreadPool& pool, const SplitGateValue& args) {
  parallel_rows(pool, args.rows, 2 * args.cols, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const float* x = args.x + row * 2 * args.cols;
      copy_floats(args.value + row * args.cols, x, args.cols);
      copy_floats(args.gate + row * args.cols, x + args.cols, args.cols);
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
