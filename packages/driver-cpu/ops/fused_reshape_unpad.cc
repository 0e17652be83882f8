// fused_reshape_unpad: x [batch, heads, max_seq_len, head_dim] padded → out [total,
// heads·head_dim]. A thread owns row s of sequence b and writes it only if it is a token.
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void fused_reshape_unpad(ThreadPool& pool, const FusedReshapeUnpad& args) {
  const int64_t dim = args.head_dim;
  const int64_t width = args.heads * dim;
  const int64_t rows = args.sequences.max_seq_len;
  parallel_rows(pool, args.sequences.batch * rows, width, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const int64_t b = row / rows;
      const int64_t s = row % rows;
      if (s >= length_of(args.sequences, b)) continue;
      float* to = args.out + (args.sequences.cu_seqlens[b] + s) * width;
      for (int64_t h = 0; h < args.heads; h++) {
        copy_floats(to + h * dim, args.x + ((b * args.heads + h) * rows + s) * dim, dim);
      }
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
