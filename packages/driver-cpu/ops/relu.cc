// relu: out = max(x, 0); NaN stays NaN. Threads own ranges of elements.
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void relu(ThreadPool& pool, const Relu& args) {
  parallel_transform(
      pool, args.size, args.out, [](V x) { return select(lt(x, zero()), zero(), x); }, args.x);
}

}  // namespace ripvec::RIPVEC_ISA
