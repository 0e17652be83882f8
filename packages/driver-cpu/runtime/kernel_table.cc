#include "runtime/cpu_features.h"
#include "runtime/kernels.h"

namespace ripvec {

// The build defines RIPVEC_HAS_<SET> for each set that it compiles kernels for.
#if RIPVEC_HAS_PORTABLE
namespace portable {
extern const KernelTable kernels;
}
#endif
#if RIPVEC_HAS_AVX2
namespace avx2 {
extern const KernelTable kernels;
}
#endif
#if RIPVEC_HAS_AVX2_VNNI
namespace avx2_vnni {
extern const Int8Kernels i8_kernels;
}
#endif
#if RIPVEC_HAS_AVX512
namespace avx512 {
extern const KernelTable kernels;
}
#endif
#if RIPVEC_HAS_AVX512_VNNI
namespace avx512_vnni {
extern const Int8Kernels i8_kernels;
}
#endif
#if RIPVEC_HAS_NEON
namespace neon {
extern const KernelTable kernels;
}
#endif
#if RIPVEC_HAS_NEON_DOT
namespace neon_dot {
extern const Int8Kernels i8_kernels;
}
#endif

namespace {

/** The sets in this addon, for checks that read the file: the release compares them with those of
 * its processor. */
constexpr char kBuiltSets[] =
    "ripvec instruction sets:"
#if RIPVEC_HAS_PORTABLE
    " portable"
#endif
#if RIPVEC_HAS_AVX2
    " avx2"
#endif
#if RIPVEC_HAS_AVX2_VNNI
    " avx2_vnni"
#endif
#if RIPVEC_HAS_AVX512
    " avx512"
#endif
#if RIPVEC_HAS_AVX512_VNNI
    " avx512_vnni"
#endif
#if RIPVEC_HAS_NEON
    " neon"
#endif
#if RIPVEC_HAS_NEON_DOT
    " neon_dot"
#endif
    ;

[[maybe_unused]] KernelTable with_i8(KernelTable kernels, const Int8Kernels& i8) {
  kernels.i8 = &i8;
  return kernels;
}

}  // namespace

const char* name_of(InstructionSet set) {
  switch (set) {
    case InstructionSet::portable:
      return "portable";
    case InstructionSet::avx2:
      return "avx2";
    case InstructionSet::avx2_vnni:
      return "avx2-vnni";
    case InstructionSet::avx512:
      return "avx512";
    case InstructionSet::avx512_vnni:
      return "avx512-vnni";
    case InstructionSet::neon:
      return "neon";
    case InstructionSet::neon_dot:
      return "neon-dot";
  }
  return "unknown";
}

const KernelTable* kernel_table(InstructionSet set) {
  switch (set) {
#if RIPVEC_HAS_PORTABLE
    case InstructionSet::portable:
      return &portable::kernels;
#endif
#if RIPVEC_HAS_AVX2
    case InstructionSet::avx2:
      return &avx2::kernels;
#endif
#if RIPVEC_HAS_AVX2_VNNI
    case InstructionSet::avx2_vnni: {
      static const KernelTable kernels = with_i8(avx2::kernels, avx2_vnni::i8_kernels);
      return &kernels;
    }
#endif
#if RIPVEC_HAS_AVX512
    case InstructionSet::avx512:
      return &avx512::kernels;
#endif
#if RIPVEC_HAS_AVX512_VNNI
    case InstructionSet::avx512_vnni: {
      static const KernelTable kernels = with_i8(avx512::kernels, avx512_vnni::i8_kernels);
      return &kernels;
    }
#endif
#if RIPVEC_HAS_NEON
    case InstructionSet::neon:
      return &neon::kernels;
#endif
#if RIPVEC_HAS_NEON_DOT
    case InstructionSet::neon_dot: {
      static const KernelTable kernels = with_i8(neon::kernels, neon_dot::i8_kernels);
      return &kernels;
    }
#endif
    default:
      return nullptr;
  }
}

int64_t packed_bytes(const KernelTable& kernels, DType storage, int64_t n, int64_t k) {
  return storage == DType::i8 ? kernels.i8->packed_bytes(n, k)
                              : kernels.packed_bytes(storage, n, k);
}

bool pack(const KernelTable& kernels, ThreadPool& pool, const PackMatrix& args) {
  return (args.storage == DType::i8 ? kernels.i8->pack : kernels.pack_matrix)(pool, args);
}

bool supported(InstructionSet set) {
  if (!kernel_table(set)) return false;
  const CpuFeatures& features = cpu_features();
  switch (set) {
    case InstructionSet::portable:
      return true;
    case InstructionSet::avx2:
      return features.avx2;
    case InstructionSet::avx2_vnni:
      return features.avx2_vnni;
    case InstructionSet::avx512:
      return features.avx512;
    case InstructionSet::avx512_vnni:
      return features.avx512_vnni;
    case InstructionSet::neon:
      return features.neon;
    case InstructionSet::neon_dot:
      return features.neon_dot;
  }
  return false;
}

InstructionSet best() {
  // This reference keeps the linker from removing the text.
  asm volatile("" : : "r"(kBuiltSets));
  InstructionSet fastest = InstructionSet::portable;
  for (const InstructionSet set : kInstructionSets) {
    if (supported(set)) fastest = set;
  }
  return fastest;
}

}  // namespace ripvec
