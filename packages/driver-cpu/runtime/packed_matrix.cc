#include "runtime/packed_matrix.h"

#include "runtime/load_as.h"
#include "runtime/parallel.h"

namespace ripvec::RIPVEC_ISA {
namespace {

/** Transposes kLanes rows of src, of which `rows` exist, into kLanes columns of a panel, for
 * `depth` ≤ kLanes elements of k. Returns the largest magnitudes of the lanes so far. */
template <DType kFrom, DType kTo>
V turn_block(const unsigned char* src, int64_t rows, int64_t src_cols, int64_t depth,
             unsigned char* dst, V largest) {
  V block[kLanes];
  for (int64_t i = 0; i < kLanes; i++) {
    const unsigned char* p = src + i * src_cols * bytes_of(kFrom);
    V v = zero();
    if (i < rows && depth == kLanes) {
      v = load_as<kFrom>(p);
    } else if (i < rows) {
      v = load_as_n<kFrom>(p, depth);
    }
    block[i] = v;
    largest = max(largest, sizes_of(v));
  }
  transpose(block);
  for (int64_t kk = 0; kk < depth; kk++) {
    store_as<kTo>(dst + kk * kPanelColumns * bytes_of(kTo), block[kk]);
  }
  return largest;
}

/** Packs a panel. Returns the largest magnitude, or infinity if an element is NaN. */
template <DType kFrom, DType kTo>
float turn_panel(const PackMatrix& args, int64_t panel) {
  const int64_t row = panel * kPanelColumns;
  const int64_t rows = args.n - row < kPanelColumns ? args.n - row : kPanelColumns;
  const auto* src = static_cast<const unsigned char*>(args.src);
  auto* dst = static_cast<unsigned char*>(args.dst);
  V largest = zero();
  for (int64_t k = 0; k < args.k; k += kLanes) {
    const int64_t depth = args.k - k < kLanes ? args.k - k : kLanes;
    for (int64_t j = 0; j < kPanelColumns; j += kLanes) {
      largest = turn_block<kFrom, kTo>(
          src + ((row + j) * args.k + k) * bytes_of(kFrom), rows - j, args.k, depth,
          dst + ((panel * args.k + k) * kPanelColumns + j) * bytes_of(kTo), largest);
    }
  }
  return max_lane(largest);
}

template <DType kFrom>
bool pack_panel_from(const PackMatrix& args, int64_t panel) {
  const float limit = too_large_for(args.storage);
  switch (args.storage) {
    case DType::f16:
      return turn_panel<kFrom, DType::f16>(args, panel) < limit;
    case DType::bf16:
      return turn_panel<kFrom, DType::bf16>(args, panel) < limit;
    default:
      return turn_panel<kFrom, DType::f32>(args, panel) < limit;
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
