// swiglu: out = value · sigmoid(value) · gate. Threads own ranges of elements. Numerics:
// runtime/math.h.
#include "runtime/math.h"
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void swiglu(ThreadPool& pool, const Swiglu& args) {
  parallel_transform(
      pool, args.size, args.out,
      [](V value, V gate) { return mul(times_sigmoid(value, value), gate); }, args.value,
      args.gate);
}

}  // namespace ripvec::RIPVEC_ISA
