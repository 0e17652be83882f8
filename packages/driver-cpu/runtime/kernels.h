// The kernels of this driver as a program sees them: one parameter aggregate
// (generated/op_params.h of @ripvec/native) and one function an op, in a table per instruction set.
//
// BUILD NOTES
//   Once, with plain flags (-std=c++20 -O3 -ffp-contract=off -fno-math-errno):
//     the other files of runtime/, and those of @ripvec/native's cpp/
//   Once per instruction set, into objects of different names:
//     every ops/*.cc, runtime/matmul.cc, runtime/narrow_rows.cc, runtime/packed_matrix.cc,
//     runtime/set_kernels.cc
//     every target  portable     -DRIPVEC_ISA=portable
//     x64           avx2         -DRIPVEC_ISA=avx2 -mavx2 -mfma -mf16c
//                   avx512       -DRIPVEC_ISA=avx512 -mavx512f -mavx512bw -mavx512vl -mavx512dq
//                                -mavx2 -mfma -mf16c
//                                (MSVC: /arch:AVX2 and /arch:AVX512)
//     arm64         neon         -DRIPVEC_ISA=neon
//     always with   -std=c++20 -O3 -ffp-contract=off -fno-math-errno -fno-trapping-math
//   The same, and for the sets with dot products of bytes, which share all else with the set
//   before:
//     runtime/matmul_i8.cc, runtime/packed_i8.cc
//     x64           avx2_vnni    avx2's and -mavxvnni
//                   avx512_vnni  avx512's and -mavx512vnni
//     arm64         neon_dot     -march=armv8.2-a+dotprod
//   MinGW also needs -Wa,-muse-unaligned-vector-move: Windows aligns the stack to 16 bytes only.
//   -fno-exceptions is allowed for the per-set objects only if scratch memory may not run out.
//   Never -ffast-math: NaN and infinity have to propagate. Include path: the package's root and
//   @ripvec/native's cpp/. GCC, Clang and MinGW build it; MSVC was never tested.
//
// RULES FOR CALLERS
//   Arguments were checked before; kernels trust them. Matrices are dense and row-major, sizes
//   are elements, any size may be 0. Pointers to activations are aligned to 4 bytes, the elements
//   of `StoredRows` and the sources of `PackMatrix` and `NarrowRows` to nothing. Outputs may
//   coincide with an input exactly where core's op says so (`inPlace`), and overlap nothing else.
//   A kernel returns when its result is written. It may throw std::bad_alloc when scratch memory
//   runs out, and what `Table::rows` throws, on the calling thread and before anything is written;
//   nothing else is thrown.
//   One pool serves one kernel at a time.
#pragma once

#include <cstdint>

#include "generated/op_params.h"
#include "ops/generated/kernel_list.h"
#include "runtime/weight_params.h"

namespace ripvec {

class ThreadPool;

/** What takes panels of bytes. A weight has at most kMaxInputsI8 inputs. */
struct Int8Kernels {
  int64_t (*packed_bytes)(int64_t n, int64_t k);
  /** False when src is not all finite; the contents of dst are then unspecified. */
  bool (*pack)(ThreadPool&, const PackMatrix&);
  void (*linear)(ThreadPool&, const Linear&);
};

/** 255 · 128 · 65,793 < 2³¹: the weights of other programs may be −128. */
constexpr int64_t kMaxInputsI8 = 65793;

/** The least magnitudes that round to infinity as f16 and as bf16. */
constexpr float kTooLargeForF16 = 65520.0f;
constexpr float kTooLargeForBf16 = 0x1.ffp127f;

struct KernelTable {
  /** Bytes that pack_matrix writes for an [n, k] matrix kept in f32, f16 or bf16. */
  int64_t (*packed_bytes)(DType storage, int64_t n, int64_t k);
  /**
   * False when a value is not finite, or the storage rounds it to infinity; the contents of dst are
   * then unspecified.
   */
  bool (*pack_matrix)(ThreadPool&, const PackMatrix&);
  /**
   * On the calling thread; throws nothing. False when a value is not finite, or the storage rounds
   * it to infinity; the contents of dst are then unspecified.
   */
  bool (*narrow_rows)(const NarrowRows&);
  const Int8Kernels* i8;

#define RIPVEC_KERNEL(name, Params) void (*name)(ThreadPool&, const Params&);
  RIPVEC_KERNELS(RIPVEC_KERNEL)
#undef RIPVEC_KERNEL
};

/** The sets with `_vnni` and `_dot` differ from the ones before in the products of bytes alone. */
enum class InstructionSet : uint8_t {
  portable,
  avx2,
  avx2_vnni,
  avx512,
  avx512_vnni,
  neon,
  neon_dot
};

/** Slowest first. */
constexpr InstructionSet kInstructionSets[] = {InstructionSet::portable,    InstructionSet::avx2,
                                               InstructionSet::avx2_vnni,   InstructionSet::avx512,
                                               InstructionSet::avx512_vnni, InstructionSet::neon,
                                               InstructionSet::neon_dot};

/** The enumerator with a hyphen: "avx512-vnni". */
const char* name_of(InstructionSet set);

/** Whether this build holds kernels for `set` and this CPU and OS can run them. */
bool supported(InstructionSet set);

/** The fastest supported set. */
InstructionSet best();

/** The kernels for `set`, or null when this build has none. Running them needs `supported(set)`. */
const KernelTable* kernel_table(InstructionSet set);

// Of `kernels`, for a weight of any storage: `kernels.i8` or the others.
int64_t packed_bytes(const KernelTable& kernels, DType storage, int64_t n, int64_t k);
/** False when the storage cannot hold a value; the contents of dst are then unspecified. */
bool pack(const KernelTable& kernels, ThreadPool& pool, const PackMatrix& args);

}  // namespace ripvec
