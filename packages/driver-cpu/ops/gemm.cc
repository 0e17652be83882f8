// gemm: out [m, n] = a [m, k] · b, with b [k, n], [n, k] (transpose_b) or packed.
// Work, threads and numerics: runtime/matmul.cc. Where b isn't packed yet, threads first share its
// panels and pack them into scratch.
#include "ops/kernels.h"
#include "runtime/matmul.h"
#include "runtime/parallel.h"

namespace ripvec::RIPVEC_ISA {
namespace {

Panels pack(ThreadPool& pool, const Gemm& args) {
  float* dst = pool.shared_scratch(static_cast<size_t>(packed_floats(args.n, args.k)));
  if (args.transpose_b) {
    pack_matrix(pool, {.src = args.b,
                       .dtype = DType::f32,
                       .storage = DType::f32,
                       .dst = dst,
                       .n = args.n,
                       .k = args.k});
  } else {
    parallel_for(pool, panels_of(args.n), 1, [&](int64_t begin, int64_t end, int) {
      pack_columns(args.b, dst, args.n, args.k, begin, end);
    });
  }
  return {.data = dst, .storage = DType::f32};
}

}  // namespace

void gemm(ThreadPool& pool, const Gemm& args) {
  matmul(pool, {.a = args.a,
                .b = args.b_packed.data ? args.b_packed : pack(pool, args),
                .bias = nullptr,
                .activation = Activation::none,
                .out = args.out,
                .m = args.m,
                .n = args.n,
                .k = args.k});
}

}  // namespace ripvec::RIPVEC_ISA
