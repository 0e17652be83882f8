#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "runtime/kernels.h"
#include "runtime/weights.h"

namespace ripvec {

class ThreadPool;

/** What the tensors of a pass lie in. */
struct PassMemory {
  std::byte* arena;
  std::byte* inputs;
  Weights& weights;
};

/** Which of them: the first number of a tensor's pair. From `first_weight` on it counts the
 * weights. */
enum Space : int64_t { absent = 0, arena = 1, inputs = 2, first_weight = 3 };

/** The matrix operand of `gemm` and `linear`: one of the two is set. */
struct MatrixOperand {
  const float* plain;
  Panels packed;
};

/**
 * One recorded op: its tensors as pairs (space, byte offset), then its numbers, all in double
 * precision, which holds offsets up to 2⁵³. An op with a layout has cu_seqlens as its first tensor
 * and batch and max_seq_len as its first numbers.
 */
class Command {
 public:
  Command(std::span<const double> words, size_t tensors, const PassMemory& memory)
      : words_(words), tensors_(tensors), memory_(memory) {}

  /** Null when the tensor is absent. Throws Error DEVICE for a released weight. */
  void* raw(size_t tensor) const;
  const float* in(size_t tensor) const { return static_cast<const float*>(raw(tensor)); }
  float* out(size_t tensor) const { return static_cast<float*>(raw(tensor)); }
  const int32_t* ids(size_t tensor) const { return static_cast<const int32_t*>(raw(tensor)); }
  /** The rows of a table that the op's `count` ids name. Throws as `Weight::rows`. */
  TableRows rows(ThreadPool& pool, size_t table, size_t ids, int64_t count) const;
  MatrixOperand matrix(size_t tensor) const;

  double number(size_t index) const { return words_[2 * tensors_ + index]; }
  int64_t size(size_t index) const { return static_cast<int64_t>(number(index)); }
  float real(size_t index) const { return static_cast<float>(number(index)); }
  bool flag(size_t index) const { return number(index) != 0; }
  DType dtype(size_t index) const { return static_cast<DType>(size(index)); }
  Activation activation(size_t index) const { return static_cast<Activation>(size(index)); }
  Sequences sequences() const {
    return {.cu_seqlens = ids(0), .batch = size(0), .max_seq_len = size(1)};
  }

 private:
  int64_t space(size_t tensor) const { return static_cast<int64_t>(words_[2 * tensor]); }
  Weight* weight(size_t tensor) const;

  std::span<const double> words_;
  size_t tensors_;
  const PassMemory& memory_;
};

}  // namespace ripvec
