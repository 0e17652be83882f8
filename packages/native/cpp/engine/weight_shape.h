#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "generated/op_enums.h"

namespace ripvec {

enum class Role : uint8_t { matrix, table, vector };

/**
 * The shape [rows, cols] of a weight and its dtypes. `dtype` is that of the given bytes; `storage`
 * is that in which a matrix or table is kept. `dtype` is f32, f16 or bf16, or i8 with a scale for
 * each row if `storage` is also i8. A vector has one row.
 */
struct WeightShape {
  Role role;
  DType dtype;
  DType storage;
  int64_t rows, cols;
  /** The name of the tensor, for errors that occur later. */
  std::string name;

  uint64_t byte_length() const {
    return static_cast<uint64_t>(rows) * static_cast<uint64_t>(cols * byte_length_of(dtype));
  }
};

/** The scales as f32 in the order of the rows, at any alignment; empty unless the weight is i8. */
using ScaleBytes = std::span<const std::byte>;

}  // namespace ripvec
