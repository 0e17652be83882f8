// copy: out = x, any dtype. Threads own ranges of bytes.
#include "runtime/parallel.h"
#include "runtime/set_kernels.h"

namespace ripvec::RIPVEC_ISA {

void copy(ThreadPool& pool, const Copy& args) {
  const auto* from = static_cast<const unsigned char*>(args.x);
  auto* to = static_cast<unsigned char*>(args.out);
  const int64_t bytes = args.size * byte_length_of(args.x_dtype);
  const int64_t grain = kChunkFloats * int64_t{sizeof(float)};
  parallel_for(pool, bytes, grain, [&](int64_t begin, int64_t end, int) {
    memcpy(to + begin, from + begin, static_cast<size_t>(end - begin));
  });
}

}  // namespace ripvec::RIPVEC_ISA
