// linear: out [rows, outputs] = activation(x [rows, inputs] · weightᵀ + bias).
// runtime/matmul.cc (runtime/matmul_i8.cc for a weight kept in i8) describes blocking, threads and
// numerics. A weight that is not packed yet is first packed into scratch.
#include "runtime/matmul.h"
#include "runtime/set_kernels.h"
#include "runtime/thread_pool.h"

namespace ripvec::RIPVEC_ISA {

void linear(ThreadPool& pool, const Linear& args) {
  Panels packed = args.weight.packed;
  if (packed.i8) return packed.i8->linear(pool, args);
  if (!packed.data) {
    const int64_t n = args.outputs, k = args.inputs;
    float* dst = pool.shared_scratch(static_cast<size_t>(packed_floats(n, k)));
    pack_matrix(pool, {.src = args.weight.plain,
                       .dtype = DType::f32,
                       .storage = DType::f32,
                       .dst = dst,
                       .n = n,
                       .k = k});
    packed = {.data = dst, .storage = DType::f32};
  }
  matmul(pool, {.a = args.x,
                .b = packed,
                .bias = args.bias,
                .activation = args.activation,
                .out = args.out,
                .m = args.rows,
                .n = args.outputs,
                .k = args.inputs});
}

}  // namespace ripvec::RIPVEC_ISA
