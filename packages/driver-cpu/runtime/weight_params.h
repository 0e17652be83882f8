// What the kernels take that turn a checkpoint's bytes into weights.
#pragma once

#include <cstdint>

#include "generated/op_enums.h"

namespace ripvec {

/** Rows that fill whole panels in every set: a matrix can be packed by that many at a time. */
constexpr int64_t kPackRows = 32;

/**
 * dst = the [n, k] matrix at src (f32, f16 or bf16 rows) in panels of `storage`. Where that is i8,
 * src may be i8 too, with a scale for each row.
 */
struct PackMatrix {
  const void* src;
  DType dtype;
  DType storage;
  void* dst;  // packed_bytes(…) bytes, aligned to 64
  int64_t n, k;
  const float* scales = nullptr;  // [n], of an i8 src alone
};

/** dst = the rows [rows, cols] at src (f32, f16 or bf16) as f16 or bf16, rounded to nearest even,
 * or as i8 (runtime/quantize.h). */
struct NarrowRows {
  const void* src;
  DType dtype;
  void* dst;
  DType storage;
  float* scales;  // [rows], written where storage is i8
  int64_t rows, cols;
};

}  // namespace ripvec
