#pragma once

#include <span>

#include "engine/weight_file.h"
#include "runtime/kernels.h"

namespace ripvec {

/**
 * Packs the matrix whose rows are in `ranges`, in this order; args.src is not used. A task reads a
 * few rows and packs them while they are in the cache. Returns false as `pack` does. Throws Error
 * MODEL_FILE if the bytes cannot be read. Afterwards the caller must check with
 * `WeightFile::expect_unchanged` that the bytes were the right ones.
 */
bool pack_ranges(const KernelTable& kernels, ThreadPool& pool, std::span<const FileRange> ranges,
                 const PackMatrix& args);

}  // namespace ripvec
