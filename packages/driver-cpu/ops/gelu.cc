// gelu: out = x·Φ(x), or its tanh approximation. Threads own ranges of elements. Numerics:
// runtime/math.h.
#include "runtime/math.h"
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void gelu(ThreadPool& pool, const Gelu& args) {
  if (args.form == GeluForm::tanh) {
    parallel_transform(pool, args.size, args.out, [](V x) { return gelu_tanh(x); }, args.x);
  } else {
    parallel_transform(pool, args.size, args.out, [](V x) { return gelu_erf(x); }, args.x);
  }
}

}  // namespace ripvec::RIPVEC_ISA
