// A row of an embedding table as f32. f16 and bf16 are widened exactly; i8 is multiplied by the
// scale of the row and rounded once.
#pragma once

#include "runtime/load_as.h"

namespace ripvec::RIPVEC_ISA {

template <DType kFrom>
class TableRow {
 public:
  TableRow(const StoredRows& table, int64_t row, int64_t cols)
      : data_(static_cast<const unsigned char*>(table.data) + row * cols * bytes_of(kFrom)) {
    if constexpr (kFrom == DType::i8) scale_ = splat(table.scales[row]);
  }

  /** Elements i … i + kLanes − 1. */
  V at(int64_t i) const { return value(load_as<kFrom>(data_ + i * bytes_of(kFrom))); }
  /** Elements i … i + n − 1; the other lanes are 0. */
  V at_n(int64_t i, int64_t n) const {
    return value(load_as_n<kFrom>(data_ + i * bytes_of(kFrom), n));
  }

 private:
  V value(V stored) const {
    if constexpr (kFrom == DType::i8) return mul(stored, scale_);
    return stored;
  }

  const unsigned char* data_;
  V scale_ = zero();
};

}  // namespace ripvec::RIPVEC_ISA
