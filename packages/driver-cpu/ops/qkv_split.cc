// qkv_split: qkv [batch, seq_len, 3·heads·head_dim] → q, k, v [batch, heads, seq_len, head_dim]. A
// thread owns whole rows of qkv and scatters their heads.
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void qkv_split(ThreadPool& pool, const QkvSplit& args) {
  const int64_t dim = args.head_dim;
  const int64_t width = args.heads * dim;
  float* const outs[3] = {args.q, args.k, args.v};
  parallel_rows(pool, args.batch * args.seq_len, 3 * width, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const int64_t b = row / args.seq_len;
      const int64_t s = row % args.seq_len;
      for (int64_t part = 0; part < 3; part++) {
        const float* from = args.qkv + (row * 3 + part) * width;
        for (int64_t h = 0; h < args.heads; h++) {
          float* to = outs[part] + ((b * args.heads + h) * args.seq_len + s) * dim;
          copy_floats(to, from + h * dim, dim);
        }
      }
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
