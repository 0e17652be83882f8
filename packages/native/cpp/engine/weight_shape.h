#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "generated/op_enums.h"

namespace ripvec {

enum class Role : uint8_t { matrix, table, vector };

/**
 * [rows, cols] of f32, f16 or bf16, or of i8 with a scale for each row where `storage`, the dtype
 * in which a matrix or table is kept, is i8 too. A vector has one row.
 */
struct WeightShape {
  Role role;
  DType dtype;
  DType storage;
  int64_t rows, cols;
  /** For errors that show later. */
  std::string name;

  uint64_t byte_length() const {
    return static_cast<uint64_t>(rows) * static_cast<uint64_t>(cols * byte_length_of(dtype));
  }
};

/** f32 in the order of the rows, at any address; empty except for weights of i8. */
using ScaleBytes = std::span<const std::byte>;

}  // namespace ripvec
