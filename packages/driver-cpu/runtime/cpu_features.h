// The features of this CPU and this operating system.
#pragma once

#include <cstdint>

namespace ripvec {

/** Instruction sets that the CPU has and the operating system saves on a context switch. */
struct CpuFeatures {
  bool avx2;         // AVX2, FMA and F16C
  bool avx2_vnni;    // AVX-VNNI and `avx2`
  bool avx512;       // AVX-512 F, BW, VL and DQ, and `avx2`
  bool avx512_vnni;  // AVX-512 VNNI and `avx512`
  bool neon;
  bool neon_dot;  // sdot and `neon`
};

const CpuFeatures& cpu_features();

/** The name that the processor reports, for display; "unknown" if it reports none. */
const char* cpu_name();

/** The default number of threads: the cores that this process may run on, limited by the CPU quota
 * of its cgroup; at least 1. */
int default_threads();

}  // namespace ripvec
