// The types of a kernel's operands (generated/op_params.h) on a CPU. generated/op_params.h and the
// rules of runtime/kernels.h give the shapes and sizes, and say which operands may be absent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "generated/op_enums.h"

namespace ripvec {

class ThreadPool;
class Weight;
struct Int8Kernels;

// Activations are f32. An absent operand is null.
using Input = const float*;
using Output = float*;
using InputF32 = const float*;
using OutputF32 = float*;
using InputAny = const void*;
using OutputAny = void*;
using Ids = const int32_t*;

/** The sequences of a packed tensor: sequence b has rows cu_seqlens[b] … cu_seqlens[b + 1] − 1. */
struct Sequences {
  const int32_t* cu_seqlens;  // [batch + 1]
  int64_t batch;
  int64_t max_seq_len;
};

/** A packed [n, k] matrix; `data` is null if the matrix is not packed. */
struct Panels {
  const void* data = nullptr;
  DType storage = DType::f32;
  /** The kernels that packed the matrix, set if `storage` is i8. No others can read the panels. */
  const Int8Kernels* i8 = nullptr;
  /** The bytes that are probably read next. A product prefetches the first of them at its end. */
  std::span<const std::byte> next = {};
};

/** The right-hand side of a product. Exactly one of the two fields is set. */
struct Matrix {
  const float* plain = nullptr;
  /** Set for a weight, which is always [n, k]. */
  Panels packed = {};
};

/**
 * The rows of an embedding table in memory: [vocab, cols] of f32, f16, bf16 or i8, at any
 * alignment. In i8, element [r, c] has the value data[r, c] · scales[r], rounded once.
 */
struct StoredRows {
  const void* data;
  DType dtype = DType::f32;
  const float* scales = nullptr;  // [vocab], only for i8
};

/** The rows that an op reads: its row r is row ids[r] of `stored`. */
struct TableRows {
  StoredRows stored;
  Ids ids;
};

/** An embedding table: a weight, or rows in memory. */
struct Table {
  StoredRows stored = {};
  Weight* weight = nullptr;

  /**
   * The rows with the `count` ids. If the table is a weight in a file, the pool's threads read the
   * rows into its shared scratch during this call, and the rows are valid until that scratch is
   * used again. Throws Error MODEL_FILE if the file cannot be read or was changed, or if a row has
   * a value that is not finite or does not fit the storage.
   */
  TableRows rows(ThreadPool& pool, Ids ids, int64_t count) const;
};

}  // namespace ripvec
