#include "runtime/pack_ranges.h"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <memory>
#include <vector>

#include "runtime/thread_pool.h"

namespace ripvec {

namespace {

/** The state of one thread. It keeps an exception because tasks must not throw, and a pool of one
 * thread because the outer pool is in use while it packs. */
struct Worker {
  ThreadPool alone{1};
  bool fits = true;
  std::exception_ptr failure;
};

struct Job {
  const KernelTable& kernels;
  ThreadPool& pool;
  std::span<const FileRange> ranges;
  const PackMatrix& args;
  size_t row_bytes;
  std::vector<std::unique_ptr<Worker>> workers;

  void pack_block(int64_t block, int index) const {
    Worker& worker = *workers[static_cast<size_t>(index)];
    const int64_t row = block * kPackRows;
    const int64_t rows = std::min(kPackRows, args.n - row);
    auto* buffer = reinterpret_cast<std::byte*>(pool.scratch(index));
    try {
      read_ranges(ranges, static_cast<uint64_t>(row) * row_bytes,
                  {buffer, static_cast<size_t>(rows) * row_bytes});
      PackMatrix part = args;
      part.src = buffer;
      part.dst =
          static_cast<std::byte*>(args.dst) + packed_bytes(kernels, args.storage, row, args.k);
      part.n = rows;
      if (args.scales) part.scales = args.scales + row;
      if (!pack(kernels, worker.alone, part)) worker.fits = false;
    } catch (...) {
      worker.failure = std::current_exception();
    }
  }
};

}  // namespace

bool pack_ranges(const KernelTable& kernels, ThreadPool& pool, std::span<const FileRange> ranges,
                 const PackMatrix& args) {
  const size_t row_bytes = static_cast<size_t>(args.k * byte_length_of(args.dtype));
  Job job{kernels, pool, ranges, args, row_bytes, {}};
  for (int i = 0; i < pool.threads(); i++) job.workers.push_back(std::make_unique<Worker>());
  const auto rows = static_cast<size_t>(std::min(kPackRows, args.n));
  pool.reserve_scratch(rows * row_bytes / sizeof(float) + 1);
  pool.run((args.n + kPackRows - 1) / kPackRows, 1,
           [](void* context, int64_t begin, int64_t end, int worker) {
             for (int64_t i = begin; i < end; i++)
               static_cast<Job*>(context)->pack_block(i, worker);
           },
           &job);
  bool fits = true;
  for (const auto& worker : job.workers) {
    if (worker->failure) std::rethrow_exception(worker->failure);
    fits = fits && worker->fits;
  }
  return fits;
}

}  // namespace ripvec
