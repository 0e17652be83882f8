// pad_to_batch: x [total, cols] packed → out [batch, max_seq_len, cols], with zeros after
// each sequence. A thread owns whole rows of out.
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void pad_to_batch(ThreadPool& pool, const PadToBatch& args) {
  const int64_t width = args.sequences.max_seq_len;
  parallel_rows(pool, args.sequences.batch * width, args.cols, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const int64_t b = row / width;
      const int64_t s = row % width;
      float* to = args.out + row * args.cols;
      if (s < length_of(args.sequences, b)) {
        copy_floats(to, args.x + (args.sequences.cu_seqlens[b] + s) * args.cols, args.cols);
      } else {
        zero_floats(to, args.cols);
      }
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
