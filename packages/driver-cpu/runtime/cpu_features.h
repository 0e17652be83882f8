// What this CPU and this operating system offer.
#pragma once

#include <cstdint>

namespace ripvec {

/** Instruction sets that the CPU has and the operating system saves on a context switch. */
struct CpuFeatures {
  bool avx2;         // AVX2, FMA and F16C
  bool avx2_vnni;    // AVX-VNNI besides `avx2`
  bool avx512;       // AVX-512 F, BW, VL and DQ besides all of `avx2`
  bool avx512_vnni;  // AVX-512 VNNI besides `avx512`
  bool neon;
  bool neon_dot;  // sdot besides `neon`
};

const CpuFeatures& cpu_features();

/** The processor's own name, for people; "unknown" where it doesn't tell. */
const char* cpu_name();

/** Threads worth starting: cores this process may run on, limited by a cgroup's CPU quota; at
 * least 1. */
int default_threads();

}  // namespace ripvec
