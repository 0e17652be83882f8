// max_pool: out[b] = the largest value of each column over the rows of sequence b, x [total, cols]
// packed, out [batch, cols]. A sequence without tokens gets zeros; a column in which a row has NaN
// gets NaN. A thread owns whole rows of out.
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {
namespace {

/** The larger value, or NaN if either is NaN. `max` would drop a NaN in one of its operands. */
RIPVEC_INLINE V larger(V a, V b) { return select(eq(a, a), select(lt(b, a), a, b), a); }

void max_rows(const MaxPool& args, int64_t b) {
  float* out = args.out + b * args.cols;
  const float* x = args.x + args.sequences.cu_seqlens[b] * args.cols;
  const int64_t length = length_of(args.sequences, b);
  if (length == 0) return zero_floats(out, args.cols);
  copy_floats(out, x, args.cols);
  for (int64_t row = 1; row < length; row++) {
    transform(args.cols, out, larger, out, x + row * args.cols);
  }
}

}  // namespace

void max_pool(ThreadPool& pool, const MaxPool& args) {
  const int64_t batch = args.sequences.batch;
  const int64_t total = batch == 0 ? 0 : args.sequences.cu_seqlens[batch];
  const int64_t row_work = batch == 0 ? 1 : (total / batch + 1) * args.cols;
  const int64_t grain = row_work < kChunkFloats ? kChunkFloats / (row_work + 1) + 1 : 1;
  parallel_for(pool, batch, grain, [&](int64_t begin, int64_t end, int) {
    for (int64_t b = begin; b < end; b++) max_rows(args, b);
  });
}

}  // namespace ripvec::RIPVEC_ISA
