// The kernels of this driver as a program sees them: one parameter aggregate
// (generated/op_params.h of @ripvec/native) and one function an op, in a table per instruction set.
//
// BUILD NOTES
//   The field "ripvec" of package.json says which files are compiled once per instruction set, and
//   scripts/instruction-sets.mjs of @ripvec/native says for which sets and with which flags. Such a
//   file sees its set as RIPVEC_ISA. Sets with dot products of bytes have files of their own for
//   those, and share all else with the set before.
//   -fno-exceptions is allowed for the per-set objects only if scratch memory may not run out.
//   Never -ffast-math: NaN and infinity have to propagate. GCC, Clang and MinGW build it; MSVC was
//   never tested.
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
