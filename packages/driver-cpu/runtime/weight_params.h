// The parameters of the kernels that convert the bytes of a checkpoint into weights.
#pragma once

#include <cstdint>

#include "generated/op_enums.h"

namespace ripvec {

/** A number of rows that fills whole panels in every set, so that a matrix can be packed in parts
 * of this many rows. */
constexpr int64_t kPackRows = 32;

/**
 * dst = the [n, k] matrix at src (rows of f32, f16 or bf16), packed as `storage`. If `storage` is
 * i8, src may also be i8 with a scale for each row.
 */
struct PackMatrix {
  const void* src;
  DType dtype;
  DType storage;
  void* dst;  // packed_bytes(…) bytes, aligned to 64
  int64_t n, k;
  const float* scales = nullptr;  // [n], only for a src of i8
};

/** dst = the rows [rows, cols] at src (f32, f16 or bf16) as f16 or bf16, rounded to nearest even,
 * or as i8 (runtime/quantize.h). */
struct NarrowRows {
  const void* src;
  DType dtype;
  void* dst;
  DType storage;
  float* scales;  // [rows], written if storage is i8
  int64_t rows, cols;
};

}  // namespace ripvec
