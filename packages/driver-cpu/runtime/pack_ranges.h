#pragma once

#include <span>

#include "engine/weight_file.h"
#include "runtime/kernels.h"

namespace ripvec {

/**
 * Packs the matrix whose rows lie in `ranges`, one after the other; args.src is not used. A task
 * reads a few rows and packs them while they are in the cache. False as `pack`; throws Error
 * MODEL_FILE when the bytes cannot be read. The caller has to check
 * afterwards that they are the right ones, by `WeightFile::expect_unchanged`.
 */
bool pack_ranges(const KernelTable& kernels, ThreadPool& pool, std::span<const FileRange> ranges,
                 const PackMatrix& args);

}  // namespace ripvec
