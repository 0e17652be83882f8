// tanh: out = tanh(x). Threads own ranges of elements. Numerics: runtime/math.h.
#include "runtime/math.h"
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void tanh(ThreadPool& pool, const Tanh& args) {
  parallel_transform(pool, args.size, args.out, [](V x) { return tanh(x); }, args.x);
}

}  // namespace ripvec::RIPVEC_ISA
