// fused_split_geglu: out = gelu(x[:, :cols]) · x[:, cols:], x [rows, 2·cols], out [rows, cols]. A
// thread owns whole rows. Numerics: runtime/math.h.
#include "runtime/math.h"
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {
namespace {

template <GeluForm kForm>
void rows_of(const FusedSplitGeglu& args, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; row++) {
    const float* value = args.x + row * 2 * args.cols;
    transform(
        args.cols, args.out + row * args.cols,
        [](V x, V gate) { return mul(activate<kForm>(x), gate); }, value, value + args.cols);
  }
}

}  // namespace

void fused_split_geglu(ThreadPool& pool, const FusedSplitGeglu& args) {
  parallel_rows(pool, args.rows, args.cols, [&](int64_t begin, int64_t end) {
    if (args.form == GeluForm::tanh) {
      rows_of<GeluForm::tanh>(args, begin, end);
    } else {
      rows_of<GeluForm::erf>(args, begin, end);
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
