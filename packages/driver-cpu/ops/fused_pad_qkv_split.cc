// fused_pad_qkv_split: qkv [total, 3·heads·head_dim] packed → q, k, v [batch, heads, max_seq_len,
// head_dim], with zeros after each sequence. A thread owns row s of sequence b in all heads.
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void fused_pad_qkv_split(ThreadPool& pool, const FusedPadQkvSplit& args) {
  const int64_t dim = args.head_dim;
  const int64_t width = args.heads * dim;
  const int64_t rows = args.sequences.max_seq_len;
  float* const outs[3] = {args.q, args.k, args.v};
  parallel_rows(pool, args.sequences.batch * rows, 3 * width, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const int64_t b = row / rows;
      const int64_t s = row % rows;
      const bool token = s < length_of(args.sequences, b);
      const float* from =
          token ? args.qkv + (args.sequences.cu_seqlens[b] + s) * 3 * width : nullptr;
      for (int64_t part = 0; part < 3; part++) {
        for (int64_t h = 0; h < args.heads; h++) {
          float* to = outs[part] + ((b * args.heads + h) * rows + s) * dim;
          if (token) {
            copy_floats(to, from + part * width + h * dim, dim);
          } else {
            zero_floats(to, dim);
          }
        }
      }
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
