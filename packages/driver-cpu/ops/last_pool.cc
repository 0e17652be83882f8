// last_pool: out[b] = the last row of sequence b, x [total, cols] packed, out [batch, cols]. A
// sequence without tokens gets zeros. A thread owns whole rows of out.
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void last_pool(ThreadPool& pool, const LastPool& args) {
  parallel_rows(pool, args.sequences.batch, args.cols, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; b++) {
      float* to = args.out + b * args.cols;
      const int64_t last = int64_t{args.sequences.cu_seqlens[b + 1]} - 1;
      if (length_of(args.sequences, b) == 0) {
        zero_floats(to, args.cols);
      } else {
        copy_floats(to, args.x + last * args.cols, args.cols);
      }
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
