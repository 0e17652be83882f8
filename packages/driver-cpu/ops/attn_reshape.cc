// attn_reshape: x [batch, heads, seq_len, head_dim] → out [batch, seq_len, heads·head_dim]. A
// thread owns whole rows of out.
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void attn_reshape(ThreadPool& pool, const AttnReshape& args) {
  const int64_t dim = args.head_dim;
  const int64_t width = args.heads * dim;
  parallel_rows(pool, args.batch * args.seq_len, width, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const int64_t b = row / args.seq_len;
      const int64_t s = row % args.seq_len;
      for (int64_t h = 0; h < args.heads; h++) {
        copy_floats(args.out + row * width + h * dim,
                    args.x + ((b * args.heads + h) * args.seq_len + s) * dim, dim);
      }
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
