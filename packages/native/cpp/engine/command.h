#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "generated/op_enums.h"
#include "generated/op_list.h"

namespace ripvec {

/** The memory that holds a tensor. Values from `first_weight` on are the weights, by number. */
enum Space : int64_t { absent = 0, arena = 1, inputs = 2, first_weight = 3 };

/** The place of a tensor. */
struct Place {
  int64_t space = Space::absent;
  /** In bytes, from the start of the arena or of the inputs. */
  size_t offset = 0;

  bool is_absent() const { return space == Space::absent; }
  /** The number of the weight, if the tensor is one. */
  std::optional<size_t> weight() const {
    if (space < Space::first_weight) return std::nullopt;
    return static_cast<size_t>(space - Space::first_weight);
  }
};

/**
 * A recorded op as a list of f64, which represents offsets up to 2⁵³ exactly: the code of the op,
 * the dtype of its activations, its tensors as pairs (space, byte offset), its numbers. An op with
 * a layout has cu_seqlens as its first tensor, and batch and max_seq_len as its first numbers.
 */
class Command {
 public:
  static constexpr size_t kHead = 2;

  /** `words` is a complete command with the code of a known op. */
  explicit Command(std::span<const double> words)
      : words_(words), numbers_(kHead + 2 * kOps[static_cast<size_t>(words[0])].tensors) {}

  Op op() const { return static_cast<Op>(words_[0]); }
  /** The dtype of the activations; f32 for an op without activations. */
  DType activations() const { return static_cast<DType>(words_[1]); }
  Place place(size_t tensor) const {
    const size_t at = kHead + 2 * tensor;
    return {.space = static_cast<int64_t>(words_[at]),
            .offset = static_cast<size_t>(words_[at + 1])};
  }

  double number(size_t index) const { return words_[numbers_ + index]; }
  int64_t size(size_t index) const { return static_cast<int64_t>(number(index)); }
  float real(size_t index) const { return static_cast<float>(number(index)); }
  bool flag(size_t index) const { return number(index) != 0; }
  DType dtype(size_t index) const { return static_cast<DType>(size(index)); }
  template <class Choice>
  Choice choice(size_t index) const {
    return static_cast<Choice>(size(index));
  }

 private:
  std::span<const double> words_;
  /** The index of the first number. */
  size_t numbers_;
};

}  // namespace ripvec
