const avx2 = ["-mavx2", "-mfma", "-mf16c"];
const avx512 = ["-mavx512f", "-mavx512bw", "-mavx512vl", "-mavx512dq", ...avx2];

/**
 * The compiler's flags for each instruction set of each architecture, for GCC and Clang. Every architecture also has the
 * set "portable", without flags. A source that is compiled once per set sees the name of its set as the macro RIPVEC_ISA.
 */
export const instructionSets = {
  x64: {
    avx2,
    avx2_vnni: [...avx2, "-mavxvnni"],
    avx512,
    avx512_vnni: [...avx512, "-mavx512vnni"],
  },
  arm64: {
    neon: [],
    neon_dot: ["-march=armv8.2-a+dotprod"],
  },
};
