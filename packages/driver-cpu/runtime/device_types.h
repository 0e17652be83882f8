// What the operands of kernels (generated/op_params.h) are on a CPU. Shapes, sizes and what may be
// absent: there, and in the rules of runtime/kernels.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "generated/op_enums.h"

namespace ripvec {

class ThreadPool;
class Weight;
struct Int8Kernels;

// An activation is f32. Absent: null.
using Input = const float*;
using Output = float*;
using InputF32 = const float*;
using OutputF32 = float*;
using InputAny = const void*;
using OutputAny = void*;
using Ids = const int32_t*;

/** How tokens of a packed tensor belong to sequences: b owns rows cu_seqlens[b] … cu_seqlens[b + 1]
 * − 1. */
struct Sequences {
  const int32_t* cu_seqlens;  // [batch + 1]
  int64_t batch;
  int64_t max_seq_len;
};

/** What packing an [n, k] matrix made; data is null where there is none. */
struct Panels {
  const void* data = nullptr;
  DType storage = DType::f32;
  /** Set where `storage` is i8: the kernels that packed them, which alone can read them. */
  const Int8Kernels* i8 = nullptr;
  /** What is probably read next: its first bytes are fetched at the end. */
  std::span<const std::byte> next = {};
};

/** The right-hand side of a product: exactly one of the two is set. */
struct Matrix {
  const float* plain = nullptr;
  /** Of a weight, which is always [n, k]. */
  Panels packed = {};
};

/**
 * Rows of an embedding table where they lie: [vocab, cols] of f32, f16, bf16 or i8, at any
 * alignment. Element [r, c] of i8 stands for data[r, c] · scales[r], rounded once.
 */
struct StoredRows {
  const void* data;
  DType dtype = DType::f32;
  const float* scales = nullptr;  // [vocab], of i8 alone
};

/** What an op reads of a table: row ids[r] of `stored` for its row r. */
struct TableRows {
  StoredRows stored;
  Ids ids;
};

/** An embedding table: a weight, or rows in memory. */
struct Table {
  StoredRows stored = {};
  Weight* weight = nullptr;

  /**
   * The rows that `count` ids name. Those of a weight in a file are read now, with the pool's
   * threads into its shared scratch, and are valid until that is used again: throws Error
   * MODEL_FILE when the file cannot be read, was changed, or holds a value that is not finite or
   * has no place in the storage.
   */
  TableRows rows(ThreadPool& pool, Ids ids, int64_t count) const;
};

}  // namespace ripvec
