// The packed right-hand side of a product, in the order in which the micro-kernel reads it.
//
// The n columns of b [k, n] form panels of kPanelColumns; the last panel is padded with zeros. A
// panel holds its k rows in order: element (kk, j) of panel p is at (p · k + kk) · kPanelColumns +
// j, as f32, f16 or bf16.
#pragma once

#include "runtime/kernels.h"
#include "runtime/simd.h"

namespace ripvec::RIPVEC_ISA {

constexpr int64_t kPanelColumns = int64_t{kTileVectors} * kLanes;
static_assert(kPackRows % kPanelColumns == 0);

RIPVEC_INLINE int64_t panels_of(int64_t n) { return (n + kPanelColumns - 1) / kPanelColumns; }

RIPVEC_INLINE int64_t packed_floats(int64_t n, int64_t k) {
  return panels_of(n) * kPanelColumns * k;
}

int64_t packed_bytes(DType storage, int64_t n, int64_t k);

/**
 * Packs src [n, k], the layout of weights. A task packs one panel. Returns false if a value is not
 * finite or the storage rounds it to infinity; the contents of dst are then unspecified.
 */
bool pack_matrix(ThreadPool& pool, const PackMatrix& args);

/** Packs one panel of src [n, k] on the calling thread. Returns false as `pack_matrix` does. */
bool pack_panel(const PackMatrix& args, int64_t panel);

/** Packs panels begin … end − 1 of src [k, n] f32 on the calling thread. */
void pack_columns(const float* src, float* dst, int64_t n, int64_t k, int64_t begin, int64_t end);

}  // namespace ripvec::RIPVEC_ISA
