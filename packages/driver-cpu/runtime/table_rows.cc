#include "runtime/table_rows.h"

#include <atomic>
#include <new>
#include <string>
#include <utility>

#include "runtime/error.h"
#include "runtime/finite.h"
#include "runtime/thread_pool.h"

namespace ripvec {

namespace {

/** A row costs a system call, about half a microsecond: fewer are not worth waking a thread for. */
constexpr int64_t kChunkRows = 32;

/** Rows on their way from the file into memory. */
struct Reading {
  const FileRange& range;
  std::span<const int32_t> rows;
  size_t row_bytes, cols;
  DType dtype;
  std::byte* into;
  std::atomic<int> failure{0};
  std::atomic<bool> finite{true};

  /** Must not throw. Rows that follow each other in the file, as those of positions, take one call.
   */
  void read(size_t begin, size_t end) {
    while (begin < end) {
      size_t next = begin + 1;
      while (next < end && rows[next] == rows[next - 1] + 1) next++;
      read_run(begin, next - begin);
      begin = next;
    }
  }

  void read_run(size_t first, size_t count) {
    std::byte* to = into + first * row_bytes;
    const uint64_t offset = static_cast<uint64_t>(rows[first]) * row_bytes;
    if (const int result = range.file->read(range.offset + offset, {to, count * row_bytes})) {
      failure = result;
    } else if (first_not_finite(to, count * cols, dtype) != count * cols) {
      finite = false;
    }
  }
};

}  // namespace

FileTable::FileTable(FileRange range, DType dtype, int64_t rows, int64_t cols)
    : range_(std::move(range)),
      dtype_(dtype),
      cols_(static_cast<size_t>(cols)),
      row_bytes_(static_cast<size_t>(cols * byte_length_of(dtype))),
      places_(static_cast<int32_t*>(std::calloc(static_cast<size_t>(rows), sizeof(int32_t)))) {
  if (!places_ && rows > 0) throw std::bad_alloc();
}

TableRows FileTable::read(ThreadPool& pool, std::span<const int32_t> ids) {
  choose(ids);
  const size_t bytes = chosen_.size() * row_bytes_;
  auto* rows = reinterpret_cast<std::byte*>(pool.shared_scratch(bytes / sizeof(float) + 1));
  Reading reading{.range = range_,
                  .rows = chosen_,
                  .row_bytes = row_bytes_,
                  .cols = cols_,
                  .dtype = dtype_,
                  .into = rows};
  pool.run(
      static_cast<int64_t>(chosen_.size()), kChunkRows,
      [](void* context, int64_t begin, int64_t end, int) {
        static_cast<Reading*>(context)->read(static_cast<size_t>(begin), static_cast<size_t>(end));
      },
      &reading);
  if (const int failure = reading.failure) range_.file->fail(failure);
  range_.file->expect_unchanged();
  if (!reading.finite) fail_on_not_finite(rows);
  return {.table = {.data = rows, .dtype = dtype_}, .ids = chosen_ids_.data()};
}

void FileTable::choose(std::span<const int32_t> ids) {
  chosen_.clear();
  chosen_ids_.resize(ids.size());
  for (size_t i = 0; i < ids.size(); i++) {
    // What an earlier op left there may be any place.
    int32_t& place = places_[static_cast<size_t>(ids[i])];
    const auto known = static_cast<size_t>(place);
    if (known >= chosen_.size() || chosen_[known] != ids[i]) {
      place = static_cast<int32_t>(chosen_.size());
      chosen_.push_back(ids[i]);
    }
    chosen_ids_[i] = place;
  }
}

void FileTable::fail_on_not_finite(const std::byte* rows) const {
  const size_t found = first_not_finite(rows, chosen_.size() * cols_, dtype_);
  const std::string place = "row " + std::to_string(chosen_[found / cols_]) + ", column " +
                            std::to_string(found % cols_);
  throw not_finite_error(place, rows + found * (row_bytes_ / cols_), dtype_);
}

}  // namespace ripvec
