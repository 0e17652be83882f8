// residual_add: out = x + residual. Threads own ranges of elements.
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void residual_add(ThreadPool& pool, const ResidualAdd& args) {
  parallel_transform(
      pool, args.size, args.out, [](V x, V residual) { return add(x, residual); }, args.x,
      args.residual);
}

}  // namespace ripvec::RIPVEC_ISA
