#include "runtime/weight.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/error.h"
#include "runtime/finite.h"
#include "runtime/pack_ranges.h"
#include "runtime/thread_pool.h"

namespace ripvec {

namespace {

void check_width(const WeightShape& shape) {
  if (shape.role != Role::matrix || shape.storage != DType::i8) return;
  if (shape.cols > kMaxInputsI8) {
    throw device_error("a matrix kept in i8 can have at most " + std::to_string(kMaxInputsI8) +
                       " columns, but this one has " + std::to_string(shape.cols));
  }
}

/** Runs `body` and adds the name of the tensor to an Error that it throws. */
template <class Body>
auto with_name(const std::string& tensor, const Body& body) {
  try {
    return body();
  } catch (Error& error) {
    error.tensor = tensor;
    throw;
  }
}

void expect_unchanged(const std::vector<FileRange>& ranges) {
  for (const FileRange& range : ranges) range.file->expect_unchanged();
}

void check_length(const WeightShape& shape, uint64_t length) {
  if (length == shape.byte_length()) return;
  throw model_file_error("has " + std::to_string(length) + " bytes where its shape wants " +
                         std::to_string(shape.byte_length()));
}

}  // namespace

std::unique_ptr<Weight> Weight::open(const WeightShape& shape, std::vector<FileRange> ranges,
                                     ScaleBytes scales, const KernelTable& kernels,
                                     ThreadPool& pool) {
  check_width(shape);
  uint64_t length = 0;
  for (const FileRange& range : ranges) {
    range.file->expect_range(range.offset, range.length);
    length += range.length;
  }
  check_length(shape, length);
  std::unique_ptr<Weight> weight(new Weight(shape));
  weight->take_scales(scales);
  switch (shape.role) {
    case Role::matrix:
      weight->ranges_ = std::move(ranges);
      break;
    case Role::table:
      if (ranges.size() != 1) throw device_error("a table must be one range of one file");
      weight->table_.emplace(ranges.front(),
                             TableFormat{.dtype = shape.dtype,
                                         .storage = weight->table_dtype(),
                                         .rows = shape.rows,
                                         .cols = shape.cols,
                                         .scales = weight->scales()},
                             kernels);
      break;
    case Role::vector: {
      Memory bytes(static_cast<size_t>(length));
      read_ranges(ranges, 0, {bytes.data(), bytes.size()});
      expect_unchanged(ranges);
      weight->expect_fitting({bytes.data(), bytes.size()});
      weight->copy_as_f32({bytes.data(), bytes.size()}, kernels, pool);
      break;
    }
  }
  return weight;
}

std::unique_ptr<Weight> Weight::read(const WeightShape& shape, std::span<const std::byte> bytes,
                                     ScaleBytes scales, const KernelTable& kernels,
                                     ThreadPool& pool, Slabs& slabs) {
  check_width(shape);
  check_length(shape, bytes.size());
  std::unique_ptr<Weight> weight(new Weight(shape));
  weight->take_scales(scales);
  switch (shape.role) {
    case Role::matrix: {
      PackMatrix args = weight->take_memory(kernels, slabs);
      args.src = bytes.data();
      if (!ripvec::pack(kernels, pool, args)) weight->fail_on_misfit(bytes);
      weight->scales_ = Memory();
      break;
    }
    case Role::table:
      weight->keep_table(bytes, kernels);
      break;
    case Role::vector:
      weight->copy_as_f32(bytes, kernels, pool);
      break;
  }
  return weight;
}

void Weight::pack(const KernelTable& kernels, ThreadPool& pool, Slabs& slabs) noexcept {
  try {
    with_name(shape_.name, [&] {
      if (!pack_from_files(kernels, pool, slabs)) expect_fitting_in_files();
    });
  } catch (...) {
    failure_ = std::current_exception();
    memory_ = Memory();
  }
  scales_ = Memory();
  ranges_.clear();
}

/** Returns false if a value is not finite or does not fit the storage. */
bool Weight::pack_from_files(const KernelTable& kernels, ThreadPool& pool, Slabs& slabs) {
  const PackMatrix args = take_memory(kernels, slabs);
  const bool fits = pack_ranges(kernels, pool, ranges_, args);
  expect_unchanged(ranges_);
  return fits;
}

/** Allocates the memory of a matrix. Returns the arguments for packing it, without the source. */
PackMatrix Weight::take_memory(const KernelTable& kernels, Slabs& slabs) {
  const auto& [role, dtype, storage, n, k, name] = shape_;
  memory_ = slabs.take(static_cast<size_t>(packed_bytes(kernels, storage, n, k)));
  if (storage == DType::i8) i8_ = kernels.i8;
  return {.src = nullptr,
          .dtype = dtype,
          .storage = storage,
          .dst = memory_.data(),
          .n = n,
          .k = k,
          .scales = scales()};
}

void Weight::keep_table(std::span<const std::byte> bytes, const KernelTable& kernels) {
  const auto& [role, dtype, storage, rows, cols, name] = shape_;
  if (table_dtype() == dtype) {
    memory_ = Memory(bytes.size());
    std::copy(bytes.begin(), bytes.end(), memory_.data());
    return;
  }
  memory_ = Memory(static_cast<size_t>(rows * cols * byte_length_of(storage)));
  if (storage == DType::i8) scales_ = Memory(static_cast<size_t>(rows) * sizeof(float));
  const bool fits = kernels.narrow_rows({.src = bytes.data(),
                                         .dtype = dtype,
                                         .dst = memory_.data(),
                                         .storage = storage,
                                         .scales = reinterpret_cast<float*>(scales_.data()),
                                         .rows = rows,
                                         .cols = cols});
  if (!fits) fail_on_misfit(bytes);
}

void Weight::take_scales(ScaleBytes bytes) {
  if (shape_.dtype != DType::i8) return;
  const auto rows = static_cast<size_t>(shape_.rows);
  if (bytes.size() != rows * sizeof(float)) {
    throw model_file_error("has " + std::to_string(bytes.size()) +
                           " bytes of scales where its rows want " +
                           std::to_string(rows * sizeof(float)));
  }
  scales_ = Memory(bytes.size());
  std::copy(bytes.begin(), bytes.end(), scales_.data());
}

const float* Weight::scales() const { return reinterpret_cast<const float*>(scales_.data()); }

/** A table of f16 or bf16 that is to be kept in f32 stays as it is, because reading it widens it
 * exactly. */
DType Weight::table_dtype() const {
  return shape_.storage == DType::f32 ? shape_.dtype : shape_.storage;
}

void Weight::copy_as_f32(std::span<const std::byte> bytes, const KernelTable& kernels,
                         ThreadPool& pool) {
  Memory aligned(bytes.size());
  std::copy(bytes.begin(), bytes.end(), aligned.data());
  if (shape_.dtype == DType::f32) {
    memory_ = std::move(aligned);
    return;
  }
  memory_ = Memory(static_cast<size_t>(shape_.cols) * sizeof(float));
  kernels.convert(pool, {.x = aligned.data(),
                         .out = memory_.data(),
                         .x_dtype = shape_.dtype,
                         .out_dtype = DType::f32,
                         .size = shape_.cols});
}

void Weight::expect_fitting(std::span<const std::byte> bytes, size_t first) const {
  const auto& [role, dtype, storage, rows, cols, name] = shape_;
  const auto size = static_cast<size_t>(byte_length_of(dtype));
  const size_t n = bytes.size() / size;
  const size_t found = first_misfit(bytes.data(), n, dtype, storage);
  if (found == n) return;
  const auto width = static_cast<size_t>(cols);
  const std::string column = "column " + std::to_string((first + found) % width);
  const std::string row = "row " + std::to_string((first + found) / width) + ", ";
  throw misfit_error(role == Role::vector ? column : row + column, bytes.data() + found * size,
                     dtype, storage);
}

void Weight::fail_on_misfit(std::span<const std::byte> bytes) const {
  expect_fitting(bytes);
  throw model_file_error("was changed while it was read");
}

void Weight::expect_fitting_in_files() const {
  const auto row_bytes = static_cast<size_t>(shape_.cols * byte_length_of(shape_.dtype));
  Memory row(row_bytes);
  for (int64_t r = 0; r < shape_.rows; r++) {
    const std::span<std::byte> bytes(row.data(), row_bytes);
    read_ranges(ranges_, static_cast<uint64_t>(r) * row_bytes, bytes);
    expect_fitting(bytes, static_cast<size_t>(r * shape_.cols));
  }
  expect_unchanged(ranges_);
  throw model_file_error("returned different bytes when it was read again");
}

void Weight::expect(Role role) const {
  if (shape_.role != role) throw device_error("a command uses a weight whose role is different");
}

TableRows Weight::rows(ThreadPool& pool, std::span<const int32_t> ids) {
  expect(Role::table);
  if (table_) return with_name(shape_.name, [&] { return table_->read(pool, ids); });
  return {.stored = {.data = memory_.data(), .dtype = table_dtype(), .scales = scales()},
          .ids = ids.data()};
}

Panels Weight::panels() const {
  expect(Role::matrix);
  if (failure_) std::rethrow_exception(failure_);
  return {.data = memory_.data(), .storage = shape_.storage, .i8 = i8_};
}

const float* Weight::vector() const {
  expect(Role::vector);
  return reinterpret_cast<const float*>(memory_.data());
}

}  // namespace ripvec
