// The right-hand side of a product in the order in which the micro-kernel reads it.
//
// The n columns of b [k, n] form panels of kPanelColumns, the last one filled up with zeros. A
// panel holds its k rows one after the other: element (kk, j) of panel p is at (p · k + kk) ·
// kPanelColumns + j.
#pragma once

#include "runtime/kernels.h"
#include "runtime/simd.h"

namespace ripvec::RIPVEC_ISA {

constexpr int64_t kPanelColumns = int64_t{kTileVectors} * kLanes;

RIPVEC_INLINE int64_t panels_of(int64_t n) { return (n + kPanelColumns - 1) / kPanelColumns; }

int64_t packed_floats(int64_t n, int64_t k);
int64_t packed_bytes(int64_t n, int64_t k);

/** Packs rows of n, as weights are stored: src [n, k]. One task a panel. */
void pack_matrix(ThreadPool& pool, const PackMatrix& args);

/** Panels begin … end − 1 of src [n, k] f32, f16 or bf16, on the calling thread. */
void pack_rows(const PackMatrix& args, int64_t begin, int64_t end);

/** Panels begin … end − 1 of src [k, n] f32, on the calling thread. */
void pack_columns(const float* src, float* dst, int64_t n, int64_t k, int64_t begin, int64_t end);

}  // namespace ripvec::RIPVEC_ISA
