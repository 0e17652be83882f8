// fused_bias_gelu: out = gelu(x + bias), x and out [rows, cols], bias [cols]. A thread owns whole
// rows. Numerics: runtime/math.h.
#include "runtime/math.h"
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {
namespace {

template <GeluForm kForm>
void rows_of(const FusedBiasGelu& args, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; row++) {
    const int64_t at = row * args.cols;
    transform(
        args.cols, args.out + at, [](V x, V bias) { return activate<kForm>(add(x, bias)); },
        args.x + at, args.bias);
  }
}

}  // namespace

void fused_bias_gelu(ThreadPool& pool, const FusedBiasGelu& args) {
  parallel_rows(pool, args.rows, args.cols, [&](int64_t begin, int64_t end) {
    if (args.form == GeluForm::tanh) {
      rows_of<GeluForm::tanh>(args, begin, end);
    } else {
      rows_of<GeluForm::erf>(args, begin, end);
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
