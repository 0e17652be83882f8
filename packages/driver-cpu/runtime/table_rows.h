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

/** What a table has in its file, and what it is kept in. */
struct TableFormat {
  DType dtype;
  /** Where it differs from `dtype`, rows are converted as they are read. */
  DType storage;
  int64_t rows, cols;
  /** [rows], where `dtype` is i8; they outlive the table. */
  const float* scales = nullptr;
};

/**
 * A table [rows, cols] that stays in its file: an op reads the rows that it uses, each once. Not
 * for several threads.
 */
class FileTable {
 public:
  /** Throws std::bad_alloc. */
  FileTable(FileRange range, const TableFormat& format, const KernelTable& kernels);

  /**
   * The rows that `ids` name, in the pool's shared scratch, until that or this method is used
   * again. Throws Error MODEL_FILE when the file was changed, or when such a row holds a value
   * that is not finite or has no place in the storage.
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
  /** Of each row of the table, where it stands in `chosen_`, if it does. From calloc, which touches
   * no memory for a large table. */
  std::unique_ptr<int32_t[], Free> places_;
  /** Different rows in the order in which ids name them, and the place of each id among them. */
  std::vector<int32_t> chosen_, chosen_ids_;
};

}  // namespace ripvec
