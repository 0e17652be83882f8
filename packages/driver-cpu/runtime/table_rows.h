#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "runtime/kernels.h"
#include "runtime/weight_file.h"

namespace ripvec {

class ThreadPool;

/** What an op reads of a table: row ids[r] for its row r. */
struct TableRows {
  Table table;
  const int32_t* ids;
};

/**
 * A table [rows, cols] that stays in its file: an op reads the rows that it uses, each once. Not
 * for several threads.
 */
class FileTable {
 public:
  /** Throws std::bad_alloc. */
  FileTable(FileRange range, DType dtype, int64_t rows, int64_t cols);

  /**
   * The rows that `ids` name, in the pool's shared scratch, until that or this method is used
   * again. Throws Error MODEL_FILE when the file was changed, or when such a row holds NaN or
   * infinity.
   */
  TableRows read(ThreadPool& pool, std::span<const int32_t> ids);

 private:
  void choose(std::span<const int32_t> ids);
  [[noreturn]] void fail_on_not_finite(const std::byte* rows) const;

  FileRange range_;
  DType dtype_;
  size_t cols_, row_bytes_;
  struct Free {
    void operator()(int32_t* memory) const { std::free(memory); }
  };
  /** Of each row of the table, where it stands in `chosen_`, if it does. From calloc, which touches
   * no memory for a large table. */
  std::unique_ptr<int32_t[], Free> places_;
  /** Different rows in the order in which ids name them, and the place of each id among them. */
  std::vector<int32_t> chosen_, chosen_ids_;
};

}  // namespace ripvec
