// out [m, n] = activation(a [m, k] · b [k, n] + bias). b is packed (runtime/packed_matrix.h).
#pragma once

#include "runtime/blocks.h"
#include "runtime/kernels.h"
#include "runtime/packed_matrix.h"

namespace ripvec::RIPVEC_ISA {

struct Matmul {
  const float* a;  // [m, k]
  Panels b;        // f32, f16 or bf16, aligned to 64 bytes
  const float* bias;
  GeluForm activation;
  float* out;  // [m, n]
  int64_t m, n, k;
};

/** The floats of scratch that `matmul_block` needs, a multiple of 16. */
extern const int64_t kMatmulScratch;

/** Computes a block of out, of at most kBlockRows rows, on the calling thread. `after` points to
 * the packed bytes that the thread reads next, and may be null. */
void matmul_block(const Matmul& args, Range rows, Range panels, const unsigned char* after,
                  float* scratch);

/** Computes all of out with the pool's threads. */
void matmul(ThreadPool& pool, const Matmul& args);

}  // namespace ripvec::RIPVEC_ISA
