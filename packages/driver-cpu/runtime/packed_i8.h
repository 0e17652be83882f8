// A packed weight of 8 bits, in the order in which the micro-kernel reads it.
//
// The rows of the weight [n, k] are the columns of the product. They form panels of kPanelColumns;
// the last panel is padded with zeros, and k is padded to whole groups (runtime/dot.h). A panel
// holds its groups in order, each with kGroup bytes of every column. After the groups it holds a
// scale for every column, then the sum of the quantised weights of every column.
#pragma once

#include "runtime/dot.h"
#include "runtime/packed_matrix.h"

namespace ripvec::RIPVEC_ISA {

struct PanelI8 {
  int8_t* weights;
  float* scales;
  int32_t* sums;
};

RIPVEC_INLINE int64_t groups_of(int64_t k) { return (k + kGroup - 1) / kGroup; }

RIPVEC_INLINE int64_t panel_bytes_i8(int64_t k) {
  constexpr int64_t kPerColumn = sizeof(float) + sizeof(int32_t);
  return kPanelColumns * (groups_of(k) * kGroup + kPerColumn);
}

RIPVEC_INLINE PanelI8 panel_at(const void* packed, int64_t k, int64_t panel) {
  auto* p = static_cast<unsigned char*>(const_cast<void*>(packed)) + panel * panel_bytes_i8(k);
  unsigned char* scales = p + groups_of(k) * kGroup * kPanelColumns;
  return {.weights = reinterpret_cast<int8_t*>(p),
          .scales = reinterpret_cast<float*>(scales),
          .sums = reinterpret_cast<int32_t*>(scales + kPanelColumns * sizeof(float))};
}

int64_t packed_bytes_i8(int64_t n, int64_t k);

/** A task packs one panel. Returns false if a value of src is not finite; the contents of dst are
 * then unspecified. */
bool pack_i8(ThreadPool& pool, const PackMatrix& args);

}  // namespace ripvec::RIPVEC_ISA
