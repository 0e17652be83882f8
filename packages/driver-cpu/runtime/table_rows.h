#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "engine/weight_file.h"
#include "runtime/kernels.h"

namespace ripvec {

class ThreadPool;

/** The format of a table in its file, and the dtype that kernels get. */
struct TableFormat {
  DType dtype;
  /** If this differs from `dtype`, rows are converted when they are read. */
  DType storage;
  int64_t rows, cols;
  /** [rows], only if `dtype` is i8. The scales must outlive the table. */
  const float* scales = nullptr;
};

/**
 * A table [rows, cols] that stays in its file. An op reads only the rows that it uses, each of them
 * once. Not thread-safe.
 */
class FileTable {
 public:
  /** Throws std::bad_alloc. */
  FileTable(FileRange range, const TableFormat& format, const KernelTable& kernels);

  /**
   * Reads the rows with these ids into the pool's shared scratch. They are valid until that scratch
   * is used or this method is called again. Throws Error MODEL_FILE if the file was changed, or if
   * one of these rows has a value that is not finite or does not fit the storage.
   */
  TableRows read(ThreadPool& pool, std::span<const int32_t> ids);

 private:
  void choose(std::span<const int32_t> ids);
  [[noreturn]] void fail_on_misfit() const;

  FileRange range_;
  TableFormat format_;
  const KernelTable& kernels_;
  size_t row_bytes_;
  struct Free {
    void operator()(int32_t* memory) const { std::free(memory); }
  };
  /** The index in `chosen_` of each row of the table that is in it. calloc allocates it, because it
   * touches no memory for a large table. */
  std::unique_ptr<int32_t[], Free> places_;
  /** The distinct rows in the order of their first id, and the index in them for each id. */
  std::vector<int32_t> chosen_, chosen_ids_;
};

}  // namespace ripvec
