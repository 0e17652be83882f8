// Vectors of floats for the instruction set this file is compiled for (RIPVEC_ISA), all under the
// same names, so that a kernel is written once.
//
// Everything lives in ripvec::RIPVEC_ISA with internal linkage, and kernels use no inline function
// of the standard library: otherwise the linker could keep the AVX-512 copy of a shared function
// and hand it to a CPU that lacks it.
//
//   V, M          floats and a lane mask; kLanes of them
//   load_n, store_n  the first n lanes, 1 ≤ n ≤ kLanes; the other lanes of load_n are 0
//   fma(a, b, c)  a·b + c, fused where the set has it (portable: two roundings)
//   max, min      which operand wins against NaN is not fixed; clamp(x, lo, hi) keeps a NaN in x
//   from_f16, to_f16, …  kLanes 16-bit floats at p, widened exactly, narrowed to nearest even
//   from_i8       kLanes signed bytes at p
//   sum, max_lane reduce pairwise, halves folded together: one fixed order per set
//   transpose     kLanes vectors as a square matrix, in place
//   scale(x, n)   x · 2ⁿ for whole n in −250 … 250, rounded once more where it is subnormal
//   kTileRows     rows of the matrix micro-kernel, kTileVectors its columns in vectors
#pragma once

#include "runtime/isa.h"

#if RIPVEC_ID == RIPVEC_ID_portable
#include "runtime/simd/portable.h"
#elif RIPVEC_ID == RIPVEC_ID_avx2 || RIPVEC_ID == RIPVEC_ID_avx2_vnni
#include "runtime/simd/avx2.h"
#elif RIPVEC_ID == RIPVEC_ID_avx512 || RIPVEC_ID == RIPVEC_ID_avx512_vnni
#include "runtime/simd/avx512.h"
#elif RIPVEC_ID == RIPVEC_ID_neon || RIPVEC_ID == RIPVEC_ID_neon_dot
#include "runtime/simd/neon.h"
#endif
