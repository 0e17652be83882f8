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
 * One weight in the form its role wants: a matrix in panels, a table in its file (or a copy of it),
 * a vector as f32. What comes from files has to be finite, and every matrix. Scales are finite and
 * not negative: core has checked them.
 */
class Weight final : public DeviceWeight {
 public:
  /**
   * Of the ranges one after the other: reads a vector, and of a table, which has one range, nothing
   * yet; a matrix still needs `pack`. Throws Error MODEL_FILE when a file ends too early or was
   * changed, the ranges or the scales are not as long as the shape wants, DEVICE when a
   * matrix is too wide for its storage.
   */
  static std::unique_ptr<Weight> open(const WeightShape& shape, std::vector<FileRange> ranges,
                                      ScaleBytes scales, const KernelTable& kernels,
                                      ThreadPool& pool);
  /** Reads `bytes` now, packing matrices with `pool`. Throws as `open` does and as `pack` fails:
   * MODEL_FILE when a value has no place in its storage. */
  static std::unique_ptr<Weight> read(const WeightShape& shape, std::span<const std::byte> bytes,
                                      ScaleBytes scales, const KernelTable& kernels,
                                      ThreadPool& pool, Slabs& slabs);

  /** Whether it was opened and still has to be packed. */
  bool is_unpacked() const { return !ranges_.empty(); }
  /** Reads and packs a matrix that was opened. Its failure is thrown by whoever uses it. */
  void pack(const KernelTable& kernels, ThreadPool& pool, Slabs& slabs) noexcept;

  /** The rows `ids` of a table, as `FileTable::read` where it lies in a file; throws for other
   * roles. */
  TableRows rows(ThreadPool& pool, std::span<const int32_t> ids);
  /** Panels of a matrix; throws for other roles, and when packing failed. */
  Panels panels() const;
  /** Elements of a vector; throws for other roles. */
  const float* vector() const;
  /** What `panels` points into. */
  std::span<const std::byte> bytes() const { return {memory_.data(), memory_.size()}; }
  /** Bytes of its own, besides the file. */
  size_t memory_bytes() const override { return memory_.size() + scales_.size(); }

  /** For PanelOrder: number of the matrix that was used after this one. */
  std::optional<size_t> follower;

 private:
  explicit Weight(const WeightShape& shape) : shape_(shape) {}
  bool pack_from_files(const KernelTable& kernels, ThreadPool& pool, Slabs& slabs);
  PackMatrix take_memory(const KernelTable& kernels, Slabs& slabs);
  void copy_as_f32(std::span<const std::byte> bytes, const KernelTable& kernels, ThreadPool& pool);
  void keep_table(std::span<const std::byte> bytes, const KernelTable& kernels);
  /** Throws Error MODEL_FILE when they are not as many as the rows. */
  void take_scales(ScaleBytes scales);
  const float* scales() const;
  /** Of the elements of a table. */
  DType table_dtype() const;
  /** Throws Error MODEL_FILE when one of these elements has no place in the storage; they begin
   * with `first`. */
  void expect_fitting(std::span<const std::byte> bytes, size_t first = 0) const;
  /** After a kernel found such an element. Bytes that others share may have changed since then. */
  [[noreturn]] void fail_on_misfit(std::span<const std::byte> bytes) const;
  void expect_fitting_in_files() const;
  void expect(Role role) const;

  WeightShape shape_;
  /** Of a matrix until it is packed. */
  std::vector<FileRange> ranges_;
  std::optional<FileTable> table_;
  Memory memory_;
  /** Those that packed a matrix of i8. */
  const Int8Kernels* i8_ = nullptr;
  /** Of the rows of a table in i8; of a matrix of i8 until it is packed. */
  Memory scales_;
  std::exception_ptr failure_;
};

/** The weight of that number. Throws Error DEVICE when it was released. */
inline Weight& weight_of(const Weights& weights, size_t number) {
  return static_cast<Weight&>(weights.get(number));
}

}  // namespace ripvec
