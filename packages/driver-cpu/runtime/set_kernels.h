// The kernels of one instruction set. Each op has a file in ops/. runtime/kernels.h has the rules
// for pointers, sizes and aliasing.
#pragma once

#include "runtime/kernels.h"

namespace ripvec::RIPVEC_ISA {

#define RIPVEC_KERNEL(name, Params) void name(ThreadPool& pool, const Params& args);
RIPVEC_KERNELS(RIPVEC_KERNEL)
#undef RIPVEC_KERNEL

}  // namespace ripvec::RIPVEC_ISA
