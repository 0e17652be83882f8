// scale_mask_softmax: out = softmax(scale · x + mask) over the keys of a row that are inside the
// window: key j is visible to query i iff |i − j| ≤ window / 2; a window of −1 shows all keys. x,
// out [batch, heads, queries, keys], mask [batch, keys]. A thread owns whole rows.
//
// A row takes three passes: the scores and their maximum, the exponentials and their sum, the
// division. Each lane has a partial sum of its own, so hidden keys after the last visible key of a
// row change no bit. A key whose mask or score is −infinity is hidden and gets exactly 0; a row
// without a visible key gets zeros. If the maximum drops a NaN, its exponential is still NaN.
#include "runtime/math.h"
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {
namespace {

/** Handles keys first … last − 1. `x`, `mask` and `out` point to the start of the row. */
void softmax_row(const float* x, const float* mask, float scale, float* out, int64_t first,
                 int64_t last) {
  const V hidden = splat(kMinusInfinity);
  V highest = hidden;
  const auto score = [&](V value, V added) {
    const V s = fma(value, splat(scale), added);
    const V shown = select(eq(added, hidden), hidden, s);
    return shown;
  };
  for (int64_t j = first; j < last; j += kLanes) {
    const int64_t n = last - j < kLanes ? last - j : kLanes;
    const V s = score(load_n(x + j, n), mask ? load_n(mask + j, n) : zero());
    store_n(out + j, s, n);
    const V valid =
        n == kLanes ? s : select(lt(lane_index(), splat(static_cast<float>(n))), s, hidden);
    highest = max(valid, highest);
  }
  const float top = max_lane(highest);
  const V shift = splat(top == kMinusInfinity ? 0.0f : top);
  V sums = zero();
  for (int64_t j = first; j < last; j += kLanes) {
    const int64_t n = last - j < kLanes ? last - j : kLanes;
    const V e = exp(sub(load_n(out + j, n), shift));
    store_n(out + j, e, n);
    sums = add(sums,
               n == kLanes ? e : select(lt(lane_index(), splat(static_cast<float>(n))), e, zero()));
  }
  const float total = sum(sums);
  const V divisor = splat(total == 0.0f ? 1.0f : total);
  transform(last - first, out + first, [&](V e) { return div(e, divisor); }, out + first);
}

}  // namespace

void scale_mask_softmax(ThreadPool& pool, const ScaleMaskSoftmax& args) {
  const int64_t rows_per_mask = args.heads * args.queries;
  const int64_t reach = args.window < 0 ? args.keys + args.queries : args.window / 2;
  parallel_rows(pool, args.batch * rows_per_mask, args.keys * 4, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const int64_t query = row % args.queries;
      const int64_t low = query > reach ? query - reach : 0;
      const int64_t high = query + reach + 1;
      const int64_t first = low < args.keys ? low : args.keys;
      const int64_t last = high < args.keys ? high : args.keys;
      const float* mask = args.mask ? args.mask + row / rows_per_mask * args.keys : nullptr;
      float* out = args.out + row * args.keys;
      softmax_row(args.x + row * args.keys, mask, args.scale, out, first, last);
      zero_floats(out, first);
      zero_floats(out + last, args.keys - last);
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
