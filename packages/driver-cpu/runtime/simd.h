// Vectors of floats for the instruction set that this file is compiled for (RIPVEC_ISA). All sets
// use the same names, so that a kernel is written once.
//
// All names are in ripvec::RIPVEC_ISA with internal linkage, and kernels use no inline function of
// the standard library. Otherwise the linker could keep the AVX-512 copy of a shared function and
// run it on a CPU without AVX-512.
//
//   V, M          kLanes floats, and a mask of kLanes lanes
//   load_n, store_n  access the first n lanes, 1 ≤ n ≤ kLanes; load_n sets the other lanes to 0
//   fma(a, b, c)  a·b + c, fused if the set has the instruction (portable: two roundings)
//   max, min      the result with one NaN operand is unspecified; clamp(x, lo, hi) keeps a NaN in x
//   from_f16, to_f16, …  kLanes 16-bit floats at p, widened exactly, narrowed to nearest even
//   from_i8       kLanes signed bytes at p
//   sum, max_lane reduce pairwise by adding halves, in one fixed order per set
//   transpose     transposes kLanes vectors as a square matrix, in place
//   scale(x, n)   x · 2ⁿ for whole n in −250 … 250; a subnormal result is rounded once more
//   kTileRows     the rows of the matrix micro-kernel; kTileVectors is its columns in vectors
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
