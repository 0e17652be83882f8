// The interface of this driver's kernels. Each op has a parameter aggregate (generated/op_params.h
// of @ripvec/native) and a function; each instruction set has a table of the functions.
//
// BUILD NOTES
//   The field "ripvec" of package.json says which files are compiled once per instruction set, and
//   scripts/instruction-sets.mjs of @ripvec/native says for which sets and with which flags. Such a
//   file gets the name of its set as RIPVEC_ISA. A set with dot products of bytes has its own
//   objects only for those products, and shares all other kernels with the set that it extends.
//   -fno-exceptions is allowed for the per-set objects only if scratch memory cannot run out.
//   -ffast-math is not allowed, because NaN and infinity must propagate. GCC, Clang and MinGW build
//   these files; MSVC was never tested.
//
// RULES FOR CALLERS
//   Kernels do not check their arguments; the caller has checked them. Matrices are dense and
//   row-major, sizes are in elements, and any size may be 0. Pointers to activations are aligned to
//   4 bytes. The elements of `StoredRows` and the sources of `PackMatrix` and `NarrowRows` may have
//   any alignment. An output may be the same tensor as an input only if core's op allows it
//   (`inPlace`); otherwise outputs overlap nothing.
//   A kernel returns after its result is written. It may throw std::bad_alloc if scratch memory
//   runs out, and the errors of `Table::rows`, on the calling thread and before it writes anything.
//   It throws nothing else.
//   A pool runs one kernel at a time.
#pragma once

#include <cstdint>

#include "generated/op_params.h"
#include "ops/generated/kernel_list.h"
#include "runtime/weight_params.h"

namespace ripvec {

class ThreadPool;

/** The functions for weights kept in i8. A weight has at most kMaxInputsI8 inputs. */
struct Int8Kernels {
  int64_t (*packed_bytes)(int64_t n, int64_t k);
  /** Returns false if a value of src is not finite; the contents of dst are then unspecified. */
  bool (*pack)(ThreadPool&, const PackMatrix&);
  void (*linear)(ThreadPool&, const Linear&);
};

/** The most inputs for which a sum is exact: 255 · 128 · 65,793 < 2³¹. The factor is 128 because
 * weights that other programs quantised may be −128. */
constexpr int64_t kMaxInputsI8 = 65793;

/** The smallest magnitudes that round to infinity as f16 and as bf16. */
constexpr float kTooLargeForF16 = 65520.0f;
constexpr float kTooLargeForBf16 = 0x1.ffp127f;

struct KernelTable {
  /** The bytes that pack_matrix writes for an [n, k] matrix kept in f32, f16 or bf16. */
  int64_t (*packed_bytes)(DType storage, int64_t n, int64_t k);
  /**
   * Returns false if a value is not finite or the storage rounds it to infinity; the contents of
   * dst are then unspecified.
   */
  bool (*pack_matrix)(ThreadPool&, const PackMatrix&);
  /**
   * Runs on the calling thread and throws nothing. Returns false if a value is not finite or the
   * storage rounds it to infinity; the contents of dst are then unspecified.
   */
  bool (*narrow_rows)(const NarrowRows&);
  const Int8Kernels* i8;

#define RIPVEC_KERNEL(name, Params) void (*name)(ThreadPool&, const Params&);
  RIPVEC_KERNELS(RIPVEC_KERNEL)
#undef RIPVEC_KERNEL
};

/** The sets with `_vnni` and `_dot` differ from those before them only in the products of bytes. */
enum class InstructionSet : uint8_t {
  portable,
  avx2,
  avx2_vnni,
  avx512,
  avx512_vnni,
  neon,
  neon_dot
};

/** All sets, the slowest first. */
constexpr InstructionSet kInstructionSets[] = {InstructionSet::portable,    InstructionSet::avx2,
                                               InstructionSet::avx2_vnni,   InstructionSet::avx512,
                                               InstructionSet::avx512_vnni, InstructionSet::neon,
                                               InstructionSet::neon_dot};

/** The name of the enumerator with a hyphen, such as "avx512-vnni". */
const char* name_of(InstructionSet set);

/** Whether this build has kernels for `set` and this CPU and operating system can run them. */
bool supported(InstructionSet set);

/** The fastest supported set. */
InstructionSet best();

/** The kernels for `set`, or null if this build has none. They may run only if `supported(set)`. */
const KernelTable* kernel_table(InstructionSet set);

/** The size of a packed [n, k] weight of any storage, i8 included. */
int64_t packed_bytes(const KernelTable& kernels, DType storage, int64_t n, int64_t k);
/** Packs a weight of any storage. Returns false if a value is not finite or does not fit the
 * storage; the contents of dst are then unspecified. */
bool pack(const KernelTable& kernels, ThreadPool& pool, const PackMatrix& args);

}  // namespace ripvec
