#include "runtime/table_rows.h"

#include <algorithm>
#include <atomic>
#include <new>
#include <string>
#include <utility>

#include "engine/error.h"
#include "runtime/finite.h"
#include "runtime/thread_pool.h"

namespace ripvec {

namespace {

/** Reading a row takes a system call of about half a microsecond. Waking a thread for fewer rows
 * does not pay. */
constexpr int64_t kChunkRows = 32;
/** The rows that a thread reads before it converts them. Their buffer stays in its L1 cache. */
constexpr size_t kConvertedRows = 8;

/** Reads rows from the file into memory. */
struct Reading {
  const FileRange& range;
  const TableFormat& format;
  const KernelTable& kernels;
  ThreadPool& pool;
  std::span<const int32_t> rows;
  size_t row_bytes, kept_bytes;
  std::byte* into;
  float* scales;
  std::atomic<int> failure{0};
  std::atomic<bool> fits{true};

  bool converts() const { return format.dtype != format.storage; }

  /** Must not throw. One call reads consecutive rows of the file, such as those of positions. */
  void read(size_t begin, size_t end, int worker) {
    while (begin < end) {
      size_t next = begin + 1;
      const size_t last = converts() ? std::min(end, begin + kConvertedRows) : end;
      while (next < last && rows[next] == rows[next - 1] + 1) next++;
      read_run(begin, next - begin, worker);
      begin = next;
    }
  }

  void read_run(size_t first, size_t count, int worker) {
    std::byte* to = into + first * kept_bytes;
    std::byte* buffer = converts() ? reinterpret_cast<std::byte*>(pool.scratch(worker)) : to;
    const uint64_t offset = static_cast<uint64_t>(rows[first]) * row_bytes;
    if (const int result = range.file->read(range.offset + offset, {buffer, count * row_bytes})) {
      failure = result;
    } else if (!take_in(first, count, buffer)) {
      fits = false;
    }
  }

  bool take_in(size_t first, size_t count, const std::byte* from) const {
    if (converts()) {
      return kernels.narrow_rows({.src = from,
                                  .dtype = format.dtype,
                                  .dst = into + first * kept_bytes,
                                  .storage = format.storage,
                                  .scales = scales + first,
                                  .rows = static_cast<int64_t>(count),
                                  .cols = format.cols});
    }
    if (format.dtype == DType::i8) {
      for (size_t i = first; i < first + count; i++) scales[i] = format.scales[rows[i]];
      return true;
    }
    const size_t elements = count * static_cast<size_t>(format.cols);
    return first_not_finite(from, elements, format.dtype) == elements;
  }
};

size_t row_bytes_of(const TableFormat& format, DType dtype) {
  return static_cast<size_t>(format.cols * byte_length_of(dtype));
}

}  // namespace

FileTable::FileTable(FileRange range, const TableFormat& format, const KernelTable& kernels)
    : range_(std::move(range)),
      format_(format),
      kernels_(kernels),
      row_bytes_(row_bytes_of(format, format.dtype)),
      places_(
          static_cast<int32_t*>(std::calloc(static_cast<size_t>(format.rows), sizeof(int32_t)))) {
  if (!places_ && format.rows > 0) throw std::bad_alloc();
}

TableRows FileTable::read(ThreadPool& pool, std::span<const int32_t> ids) {
  choose(ids);
  const size_t kept_bytes = row_bytes_of(format_, format_.storage);
  const size_t scale_count = format_.storage == DType::i8 ? chosen_.size() : 0;
  const size_t floats = scale_count + chosen_.size() * kept_bytes / sizeof(float) + 1;
  float* scales = pool.shared_scratch(floats);
  Reading reading{.range = range_,
                  .format = format_,
                  .kernels = kernels_,
                  .pool = pool,
                  .rows = chosen_,
                  .row_bytes = row_bytes_,
                  .kept_bytes = kept_bytes,
                  .into = reinterpret_cast<std::byte*>(scales + scale_count),
                  .scales = scales};
  if (reading.converts()) pool.reserve_scratch(kConvertedRows * row_bytes_ / sizeof(float) + 1);
  pool.run(
      static_cast<int64_t>(chosen_.size()), kChunkRows,
      [](void* context, int64_t begin, int64_t end, int worker) {
        static_cast<Reading*>(context)->read(static_cast<size_t>(begin), static_cast<size_t>(end),
                                             worker);
      },
      &reading);
  if (const int failure = reading.failure) range_.file->fail(failure);
  range_.file->expect_unchanged();
  if (!reading.fits) fail_on_misfit();
  return {.stored = {.data = reading.into, .dtype = format_.storage, .scales = scales},
          .ids = chosen_ids_.data()};
}

void FileTable::choose(std::span<const int32_t> ids) {
  chosen_.clear();
  chosen_ids_.resize(ids.size());
  for (size_t i = 0; i < ids.size(); i++) {
    // An earlier op may have left any index here.
    int32_t& place = places_[static_cast<size_t>(ids[i])];
    const auto known = static_cast<size_t>(place);
    if (known >= chosen_.size() || chosen_[known] != ids[i]) {
      place = static_cast<int32_t>(chosen_.size());
      chosen_.push_back(ids[i]);
    }
    chosen_ids_[i] = place;
  }
}

/** Reads the rows again to find the value and report its position. */
void FileTable::fail_on_misfit() const {
  const auto [dtype, storage, rows, cols, scales] = format_;
  std::vector<std::byte> bytes(row_bytes_);
  for (const int32_t row : chosen_) {
    const uint64_t offset = range_.offset + static_cast<uint64_t>(row) * row_bytes_;
    if (const int failure = range_.file->read(offset, bytes)) range_.file->fail(failure);
    const size_t column = first_misfit(bytes.data(), static_cast<size_t>(cols), dtype, storage);
    if (column == static_cast<size_t>(cols)) continue;
    range_.file->expect_unchanged();
    const std::string place = "row " + std::to_string(row) + ", column " + std::to_string(column);
    throw misfit_error(place, bytes.data() + column * byte_length_of(dtype), dtype, storage);
  }
  range_.file->expect_unchanged();
  throw model_file_error("returned different bytes when it was read again");
}

}  // namespace ripvec
