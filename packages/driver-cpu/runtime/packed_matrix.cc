#include "runtime/packed_matrix.h"

#include "runtime/load_as.h"
#include "runtime/parallel.h"

namespace ripvec::RIPVEC_ISA {
namespace {

// Depth of the block that is turned around in the L1 cache.
constexpr int64_t kBlock = 16;

/** Rows of src from `row` on, columns k … k + depth − 1, become columns of dst. */
template <DType kFrom>
void turn_block(const unsigned char* src, int64_t rows, int64_t src_cols, int64_t depth,
                float* dst) {
  constexpr int64_t size = kFrom == DType::f32 ? 4 : 2;
  float block[kPanelColumns][kBlock];
  for (int64_t j = 0; j < kPanelColumns; j++) {
    for (int64_t kk = 0; kk < kBlock; kk += kLanes) {
      const unsigned char* p = src + (j * src_cols + kk) * size;
      const int64_t left = depth - kk;
      V v = zero();
      if (j < rows && left >= kLanes) {
        v = load_as<kFrom>(p);
      } else if (j < rows && left > 0) {
        v = load_as_n<kFrom>(p, left);
      }
      store(&block[j][kk], v);
    }
  }
  for (int64_t kk = 0; kk < depth; kk++) {
    for (int64_t j = 0; j < kPanelColumns; j++) dst[kk * kPanelColumns + j] = block[j][kk];
  }
}

template <DType kFrom>
void pack_rows_from(const PackMatrix& args, int64_t begin, int64_t end) {
  constexpr int64_t size = kFrom == DType::f32 ? 4 : 2;
  const auto* src = static_cast<const unsigned char*>(args.src);
  for (int64_t panel = begin; panel < end; panel++) {
    const int64_t row = panel * kPanelColumns;
    const int64_t rows = args.n - row < kPanelColumns ? args.n - row : kPanelColumns;
    for (int64_t k = 0; k < args.k; k += kBlock) {
      const int64_t depth = args.k - k < kBlock ? args.k - k : kBlock;
      turn_block<kFrom>(src + (row * args.k + k) * size, rows, args.k, depth,
                        static_cast<float*>(args.dst) + (panel * args.k + k) * kPanelColumns);
    }
  }
}

}  // namespace

int64_t packed_floats(int64_t n, int64_t k) { return panels_of(n) * kPanelColumns * k; }

int64_t packed_bytes(int64_t n, int64_t k) { return packed_floats(n, k) * int64_t{sizeof(float)}; }

void pack_rows(const PackMatrix& args, int64_t begin, int64_t end) {
  switch (args.dtype) {
    case DType::f16:
      return pack_rows_from<DType::f16>(args, begin, end);
    case DType::bf16:
      return pack_rows_from<DType::bf16>(args, begin, end);
    default:
      return pack_rows_from<DType::f32>(args, begin, end);
  }
}

void pack_matrix(ThreadPool& pool, const PackMatrix& args) {
  parallel_for(pool, panels_of(args.n), 1,
               [&](int64_t begin, int64_t end, int) { pack_rows(args, begin, end); });
}

void pack_columns(const float* src, float* dst, int64_t n, int64_t k, int64_t begin, int64_t end) {
  for (int64_t panel = begin; panel < end; panel++) {
    const int64_t column = panel * kPanelColumns;
    for (int64_t kk = 0; kk < k; kk++) {
      const float* from = src + kk * n + column;
      float* to = dst + (panel * k + kk) * kPanelColumns;
      for (int64_t j = 0; j < kPanelColumns; j += kLanes) {
        const int64_t left = n - column - j;
        if (left >= kLanes) {
          store(to + j, load(from + j));
        } else {
          store(to + j, left > 0 ? load_n(from + j, left) : zero());
        }
      }
    }
  }
}

}  // namespace ripvec::RIPVEC_ISA
