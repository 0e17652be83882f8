// apply_rope: rotates the first `heads` heads of each row of x [rows, width] by the angles of the
// row's position and copies the other heads. cos, sin [positions, head_dim / 2], position_ids
// [rows]. A thread owns whole rows. Numerics: runtime/rope.h.
#include "runtime/rope.h"
#include "runtime/set_kernels.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {

void apply_rope(ThreadPool& pool, const ApplyRope& args) {
  const int64_t half = args.head_dim / 2;
  const int64_t rotated = args.heads * args.head_dim;
  parallel_rows(pool, args.rows, args.width, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const int64_t angle = args.position_ids[row] * half;
      const float* x = args.x + row * args.width;
      float* out = args.out + row * args.width;
      for (int64_t at = 0; at < rotated; at += args.head_dim) {
        rotate(x + at, args.cos + angle, args.sin + angle, out + at, half);
      }
      if (out != x) copy_floats(out + rotated, x + rotated, args.width - rotated);
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
