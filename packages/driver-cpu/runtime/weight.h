#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/memory.h"
#include "engine/weight_file.h"
#include "engine/weight_shape.h"
#include "engine/weights.h"
#include "runtime/kernels.h"
#include "runtime/slabs.h"
#include "runtime/table_rows.h"

namespace ripvec {

class ThreadPool;

/**
 * A weight in the form that its role needs: a matrix is packed, a table stays in its file or is a
 * copy in memory, a vector is f32. Weights from files and all matrices must be finite. Scales are
 * finite and not negative, because core has checked them.
 */
class Weight final : public DeviceWeight {
 public:
  /**
   * Opens a weight whose bytes are in these ranges, in this order. A vector is read now. A table,
   * which has one range, is read by the ops that use it. A matrix is read by `pack`. Throws Error
   * MODEL_FILE if a file is too short or was changed, or if the ranges or the scales do not have
   * the length that the shape requires; DEVICE if a matrix is too wide for its storage.
   */
  static std::unique_ptr<Weight> open(const WeightShape& shape, std::vector<FileRange> ranges,
                                      ScaleBytes scales, const KernelTable& kernels,
                                      ThreadPool& pool);
  /** Reads `bytes` now; `pool` packs a matrix. Throws the errors of `open`, and Error MODEL_FILE if
   * a value does not fit its storage. */
  static std::unique_ptr<Weight> read(const WeightShape& shape, std::span<const std::byte> bytes,
                                      ScaleBytes scales, const KernelTable& kernels,
                                      ThreadPool& pool, Slabs& slabs);

  /** Whether this is an opened matrix that is not packed yet. */
  bool is_unpacked() const { return !ranges_.empty(); }
  /** Reads and packs an opened matrix. If this fails, `panels` throws the failure. */
  void pack(const KernelTable& kernels, ThreadPool& pool, Slabs& slabs) noexcept;

  /** The rows `ids` of a table. `FileTable::read` reads them if the table is in a file. Throws for
   * other roles. */
  TableRows rows(ThreadPool& pool, std::span<const int32_t> ids);
  /** The panels of a matrix. Throws for other roles and if packing failed. */
  Panels panels() const;
  /** The elements of a vector. Throws for other roles. */
  const float* vector() const;
  /** The memory that `panels` points into. */
  std::span<const std::byte> bytes() const { return {memory_.data(), memory_.size()}; }
  /** The bytes of memory that the weight holds, without its file. */
  size_t memory_bytes() const override { return memory_.size() + scales_.size(); }

  /** The number of the matrix that was used after this one. PanelOrder sets and reads it. */
  std::optional<size_t> follower;

 private:
  explicit Weight(const WeightShape& shape) : shape_(shape) {}
  bool pack_from_files(const KernelTable& kernels, ThreadPool& pool, Slabs& slabs);
  PackMatrix take_memory(const KernelTable& kernels, Slabs& slabs);
  void copy_as_f32(std::span<const std::byte> bytes, const KernelTable& kernels, ThreadPool& pool);
  void keep_table(std::span<const std::byte> bytes, const KernelTable& kernels);
  /** Throws Error MODEL_FILE if the number of scales is not the number of rows. */
  void take_scales(ScaleBytes scales);
  const float* scales() const;
  /** The dtype in which the elements of a table are kept. */
  DType table_dtype() const;
  /** Throws Error MODEL_FILE if one of these elements is not finite or does not fit the storage.
   * `first` is the index of the first of them in the weight. */
  void expect_fitting(std::span<const std::byte> bytes, size_t first = 0) const;
  /** Throws for such an element after a kernel has found one. If there is none now, the bytes are
   * shared and have changed since then; this throws too. */
  [[noreturn]] void fail_on_misfit(std::span<const std::byte> bytes) const;
  void expect_fitting_in_files() const;
  void expect(Role role) const;

  WeightShape shape_;
  /** The ranges of a matrix until it is packed. */
  std::vector<FileRange> ranges_;
  std::optional<FileTable> table_;
  Memory memory_;
  /** The kernels that packed a matrix of i8. */
  const Int8Kernels* i8_ = nullptr;
  /** The scales of the rows of a table in i8, or of a matrix of i8 until it is packed. */
  Memory scales_;
  std::exception_ptr failure_;
};

/** The weight with this number. Throws Error DEVICE if it was released. */
inline Weight& weight_of(const Weights& weights, size_t number) {
  return static_cast<Weight&>(weights.get(number));
}

}  // namespace ripvec
