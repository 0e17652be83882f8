// geglu: out = gelu(value) · gate. Threads own ranges of elements. Numerics: runtime/math.h.
#include "runtime/math.h"
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void geglu(ThreadPool& pool, const Geglu& args) {
  if (args.form == GeluForm::tanh) {
    parallel_transform(
        pool, args.size, args.out, [](V value, V gate) { return mul(gelu_tanh(value), gate); },
        args.value, args.gate);
  } else {
    parallel_transform(
        pool, args.size, args.out, [](V value, V gate) { return mul(gelu_erf(value), gate); },
        args.value, args.gate);
  }
}

}  // namespace ripvec::RIPVEC_ISA
