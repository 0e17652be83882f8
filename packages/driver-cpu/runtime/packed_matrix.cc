#include "runtime/packed_matrix.h"

#include "runtime/load_as.h"
#include "runtime/parallel.h"

namespace ripvec::RIPVEC_ISA {
namespace {

// Depth of the block that is turned around in the L1 cache.
constexpr int64_t kBlock = 16;

// The least f32 that rounds to infinity as f16 and as bf16.
constexpr float kTooLargeForF16 = 65520.0f;
constexpr float kTooLargeForBf16 = 0x1.ffp127f;

/** Rows of src from `row` on, columns k … k + depth − 1, become columns of dst. */
template <DType kFrom, DType kTo>
V turn_block(const unsigned char* src, int64_t rows, int64_t src_cols, int64_t depth,
             unsigned char* dst, V largest) {
  float block[kPanelColumns][kBlock];
  for (int64_t j = 0; j < kPanelColumns; j++) {
    for (int64_t kk = 0; kk < kBlock; kk += kLanes) {
      const unsigned char* p = src + (j * src_cols + kk) * bytes_of(kFrom);
      const int64_t left = depth - kk;
      V v = zero();
      if (j < rows && left >= kLanes) {
        v = load_as<kFrom>(p);
      } else if (j < rows && left > 0) {
        v = load_as_n<kFrom>(p, left);
      }
      store(&block[j][kk], v);
      const V size = abs(v);
      largest = max(largest, select(lt(size, splat(HUGE_VALF)), size, zero()));
    }
  }
  for (int64_t kk = 0; kk < depth; kk++) {
    for (int64_t j = 0; j < kPanelColumns; j += kLanes) {
      float lanes[kLanes];
      for (int64_t i = 0; i < kLanes; i++) lanes[i] = block[j + i][kk];
      store_as<kTo>(dst + (kk * kPanelColumns + j) * bytes_of(kTo), load(lanes));
    }
  }
  return largest;
}

/** Returns the largest finite magnitude. */
template <DType kFrom, DType kTo>
float turn_panel(const PackMatrix& args, int64_t panel) {
  const int64_t row = panel * kPanelColumns;
  const int64_t rows = args.n - row < kPanelColumns ? args.n - row : kPanelColumns;
  const auto* src = static_cast<const unsigned char*>(args.src);
  auto* dst = static_cast<unsigned char*>(args.dst);
  V largest = zero();
  for (int64_t k = 0; k < args.k; k += kBlock) {
    const int64_t depth = args.k - k < kBlock ? args.k - k : kBlock;
    largest =
        turn_block<kFrom, kTo>(src + (row * args.k + k) * bytes_of(kFrom), rows, args.k, depth,
                               dst + (panel * args.k + k) * kPanelColumns * bytes_of(kTo), largest);
  }
  return max_lane(largest);
}

template <DType kFrom>
bool pack_panel_from(const PackMatrix& args, int64_t panel) {
  switch (args.storage) {
    case DType::f16:
      return turn_panel<kFrom, DType::f16>(args, panel) < kTooLargeForF16;
    case DType::bf16:
      return turn_panel<kFrom, DType::bf16>(args, panel) < kTooLargeForBf16;
    default:
      turn_panel<kFrom, DType::f32>(args, panel);
      return true;
  }
}

}  // namespace

int64_t packed_bytes(DType storage, int64_t n, int64_t k) {
  return packed_floats(n, k) * bytes_of(storage);
}

bool pack_panel(const PackMatrix& args, int64_t panel) {
  switch (args.dtype) {
    case DType::f16:
      return pack_panel_from<DType::f16>(args, panel);
    case DType::bf16:
      return pack_panel_from<DType::bf16>(args, panel);
    default:
      return pack_panel_from<DType::f32>(args, panel);
  }
}

bool pack_matrix(ThreadPool& pool, const PackMatrix& args) {
  return parallel_all(pool, panels_of(args.n),
                      [&](int64_t panel) { return pack_panel(args, panel); });
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
