// out [m, n] = activation(x [m, k] · weightᵀ + bias). The weight is i8 (runtime/packed_i8.h).
#pragma once

#include "runtime/kernels.h"

namespace ripvec::RIPVEC_ISA {

void linear_i8(ThreadPool& pool, const Linear& args);

extern const Int8Kernels i8_kernels;

}  // namespace ripvec::RIPVEC_ISA
