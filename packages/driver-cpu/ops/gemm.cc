// gemm: out [m, n] = a [m, k] · b, with b [k, n], [n, k] (transpose_b) or packed.
// runtime/matmul.cc (runtime/matmul_i8.cc for a weight kept in i8) describes blocking, threads and
// numerics. If b is not packed yet, the threads first share its panels and pack them into scratch.
#include "runtime/matmul.h"
#include "runtime/parallel.h"
#include "runtime/set_kernels.h"

namespace ripvec::RIPVEC_ISA {
namespace {

Panels pack(ThreadPool& pool, const Gemm& args) {
  float* dst = pool.shared_scratch(static_cast<size_t>(packed_floats(args.n, args.k)));
  if (args.transpose_b) {
    pack_matrix(pool, {.src = args.b.plain,
                       .dtype = DType::f32,
                       .storage = DType::f32,
                       .dst = dst,
                       .n = args.n,
                       .k = args.k});
  } else {
    parallel_for(pool, panels_of(args.n), 1, [&](int64_t begin, int64_t end, int) {
      pack_columns(args.b.plain, dst, args.n, args.k, begin, end);
    });
  }
  return {.data = dst, .storage = DType::f32};
}

}  // namespace

void gemm(ThreadPool& pool, const Gemm& args) {
  if (const Int8Kernels* i8 = args.b.packed.i8) {
    return i8->linear(pool, {.x = args.a,
                             .weight = args.b,
                             .out = args.out,
                             .rows = args.m,
                             .inputs = args.k,
                             .outputs = args.n,
                             .activation = GeluForm::none});
  }
  matmul(pool, {.a = args.a,
                .b = args.b.packed.data ? args.b.packed : pack(pool, args),
                .bias = nullptr,
                .activation = GeluForm::none,
                .out = args.out,
                .m = args.m,
                .n = args.n,
                .k = args.k});
}

}  // namespace ripvec::RIPVEC_ISA
