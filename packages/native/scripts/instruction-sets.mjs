const avx2 = ["-mavx2", "-mfma", "-mf16c"];
const avx512 = ["-mavx512f", "-mavx512bw", "-mavx512vl", "-mavx512dq", ...avx2];

/**
 * The compiler's flags for each instruction set of each architecture, for GCC and Clang, the slowest set first. Every
 * architecture also has the set "portable", without flags. A set with a suffix, such as avx2_vnni, uses kernels of the
 * set before the suffix too. A source that is compiled once per set sees the name of its set as the macro RIPVEC_ISA.
 */
const flagsOf = {
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

/** The compiler's header with the functions for these sets. */
export const intrinsics = { x64: "immintrin.h", arm64: "arm_neon.h" };

/**
 * The instruction sets that a build for the target holds, the slowest first, as pairs of name and flags: those that the
 * driver's package.json names, or those of them that are in `target.sets`.
 */
export function setsOf({ variants }, { arch, sets }) {
  const named = new Set(variants.flatMap((variant) => variant.sets));
  return Object.entries({ portable: [], ...flagsOf[arch] }).filter(
    ([set]) => named.has(set) && (sets === undefined || sets.includes(set)),
  );
}
