// build_attn_mask: out[b, s] = 0 if s < the length of sequence b, else −infinity. out [batch,
// max_seq_len]. A thread owns whole rows.
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void build_attn_mask(ThreadPool& pool, const BuildAttnMask& args) {
  const int64_t width = args.sequences.max_seq_len;
  parallel_rows(pool, args.sequences.batch, width, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; b++) {
      const int64_t length = length_of(args.sequences, b);
      float* row = args.out + b * width;
      zero_floats(row, length);
      for (int64_t s = length; s < width; s++) row[s] = kMinusInfinity;
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
