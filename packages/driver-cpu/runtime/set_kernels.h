// The kernels of one instruction set, one file an op in ops/. Pointers, sizes and aliasing:
// runtime/kernels.h.
#pragma once

#include "runtime/kernels.h"

namespace ripvec::RIPVEC_ISA {

#define RIPVEC_KERNEL(name, Params) void name(ThreadPool& pool, const Params& args);
RIPVEC_KERNELS(RIPVEC_KERNEL)
#undef RIPVEC_KERNEL

}  // namespace ripvec::RIPVEC_ISA
