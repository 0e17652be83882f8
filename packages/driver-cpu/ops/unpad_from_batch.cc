// unpad_from_batch: x [batch, max_seq_len, cols] padded → out [total, cols] packed. A thread owns
// whole sequences, each of which is contiguous in x and in out.
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void unpad_from_batch(ThreadPool& pool, const UnpadFromBatch& args) {
  const int64_t width = args.sequences.max_seq_len;
  parallel_rows(pool, args.sequences.batch, width * args.cols, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; b++) {
      copy_floats(args.out + args.sequences.cu_seqlens[b] * args.cols,
                  args.x + b * width * args.cols, length_of(args.sequences, b) * args.cols);
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
