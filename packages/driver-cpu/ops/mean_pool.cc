// mean_pool: out[b] = the mean of the rows of sequence b, x [total, cols] packed, out [batch,
// cols]. A sequence without tokens gets zeros. A thread owns a strip of columns of a sequence and
// adds the rows in order, in f32.
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {
namespace {

constexpr int64_t kStrip = 4 * kLanes;

void mean_strip(const MeanPool& args, int64_t b, int64_t from, int64_t width) {
  const int64_t length = length_of(args.sequences, b);
  const float* x = args.x + args.sequences.cu_seqlens[b] * args.cols + from;
  float sums[kStrip] = {};
  if (width == kStrip) {
    for (int64_t row = 0; row < length; row++) {
      for (int64_t i = 0; i < kStrip; i += kLanes) {
        store(sums + i, add(load(sums + i), load(x + row * args.cols + i)));
      }
    }
  } else {
    for (int64_t row = 0; row < length; row++) {
      for (int64_t i = 0; i < width; i++) sums[i] += x[row * args.cols + i];
    }
  }
  float* out = args.out + b * args.cols + from;
  const float count = static_cast<float>(length < 1 ? 1 : length);
  for (int64_t i = 0; i < width; i++) out[i] = sums[i] / count;
}

}  // namespace

void mean_pool(ThreadPool& pool, const MeanPool& args) {
  const int64_t batch = args.sequences.batch;
  const int64_t strips = (args.cols + kStrip - 1) / kStrip;
  const int64_t total = batch == 0 ? 0 : args.sequences.cu_seqlens[batch];
  const int64_t strip_work = batch == 0 ? 1 : (total / batch + 1) * kStrip;
  const int64_t grain = strip_work < kChunkFloats ? kChunkFloats / strip_work : 1;
  parallel_for(pool, batch * strips, grain, [&](int64_t begin, int64_t end, int) {
    for (int64_t task = begin; task < end; task++) {
      const int64_t from = task % strips * kStrip;
      const int64_t width = args.cols - from < kStrip ? args.cols - from : kStrip;
      mean_strip(args, task / strips, from, width);
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
