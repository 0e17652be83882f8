#include "runtime/packed_i8.h"

#include "runtime/parallel.h"
#include "runtime/quantize.h"

namespace ripvec::RIPVEC_ISA {
namespace {

// The depth of the block that is quantised and transposed in the L1 cache.
constexpr int64_t kBlock = 64;

/** The rows of src that form a panel, and how many of them exist. */
struct Source {
  const unsigned char* p;
  const float* scales;
  int64_t rows, k;
};

template <DType kFrom>
bool find_scales(Source src, PanelI8 panel, float* inverses) {
  for (int64_t j = 0; j < kPanelColumns; j++) {
    panel.scales[j] = 0;
    panel.sums[j] = 0;
    if (j >= src.rows) continue;
    if constexpr (kFrom == DType::i8) {
      panel.scales[j] = src.scales[j];
    } else {
      const Extremes e = extremes_of<kFrom>(src.p + j * src.k * bytes_of(kFrom), src.k);
      if (!e.finite) return false;
      panel.scales[j] = weight_scale(e);
      inverses[j] = 1.0f / panel.scales[j];
    }
  }
  return true;
}

int32_t sum_of(const int8_t* bytes, int64_t n) {
  int32_t sum = 0;
  for (int64_t i = 0; i < n; i++) sum += bytes[i];
  return sum;
}

/** Quantises `depth` weights of a row and pads them with zeros to a whole vector. Returns the sum
 * of the bytes. */
template <DType kFrom>
int32_t quantize(const unsigned char* p, int64_t depth, float inverse, int8_t* bytes) {
  for (int64_t kk = 0; kk < depth; kk += kLanes) {
    const unsigned char* from = p + kk * bytes_of(kFrom);
    const int64_t left = depth - kk;
    const V v = left < kLanes ? load_as_n<kFrom>(from, left) : load_as<kFrom>(from);
    store_bytes(bytes + kk, quantized_weights(v, inverse));
  }
  return sum_of(bytes, depth);
}

/** Copies weights that are already bytes and pads them with zeros. */
template <>
int32_t quantize<DType::i8>(const unsigned char* p, int64_t depth, float, int8_t* bytes) {
  memcpy(bytes, p, static_cast<size_t>(depth));
  memset(bytes + depth, 0, static_cast<size_t>(kBlock - depth));
  return sum_of(bytes, depth);
}

using Block = int8_t[kPanelColumns][kBlock];

/** Packs elements kk … kk + kLanes · kGroup − 1 of all rows. A group is as wide as a float, so that
 * groups are transposed in registers. */
void turn_groups(const Block& block, int64_t kk, int8_t* to) {
  for (int64_t j = 0; j < kPanelColumns; j += kLanes) {
    V rows[kLanes];
    RIPVEC_UNROLL
    for (int64_t i = 0; i < kLanes; i++) rows[i] = load_as<DType::f32>(&block[j + i][kk]);
    transpose(rows);
    RIPVEC_UNROLL
    for (int64_t i = 0; i < kLanes; i++) {
      store_as<DType::f32>(to + (i * kPanelColumns + j) * kGroup, rows[i]);
    }
  }
}

/** Packs the first `depth` elements of all rows as groups. */
void turn_block(const Block& block, int64_t depth, int8_t* to) {
  int64_t kk = 0;
  if constexpr (kGroup == sizeof(float)) {
    constexpr int64_t kStep = kLanes * kGroup;
    for (; kk + kStep <= depth; kk += kStep, to += kStep * kPanelColumns) {
      turn_groups(block, kk, to);
    }
  }
  for (; kk < depth; kk += kGroup) {
    for (int64_t j = 0; j < kPanelColumns; j++, to += kGroup) memcpy(to, &block[j][kk], kGroup);
  }
}

template <DType kFrom>
bool quantize_panel(Source src, PanelI8 panel) {
  float inverses[kPanelColumns] = {};
  if (!find_scales<kFrom>(src, panel, inverses)) return false;
  Block block = {};
  for (int64_t k = 0; k < src.k; k += kBlock) {
    const int64_t depth = src.k - k < kBlock ? src.k - k : kBlock;
    for (int64_t j = 0; j < src.rows; j++) {
      const unsigned char* row = src.p + (j * src.k + k) * bytes_of(kFrom);
      panel.sums[j] += quantize<kFrom>(row, depth, inverses[j], block[j]);
    }
    turn_block(block, depth, panel.weights + k * kPanelColumns);
  }
  return true;
}

bool quantize_panel(const PackMatrix& args, int64_t panel) {
  const int64_t row = panel * kPanelColumns;
  const int64_t rows = args.n - row < kPanelColumns ? args.n - row : kPanelColumns;
  const auto* p = static_cast<const unsigned char*>(args.src);
  const float* scales = args.scales ? args.scales + row : nullptr;
  const Source src = {p + row * args.k * bytes_of(args.dtype), scales, rows, args.k};
  const PanelI8 to = panel_at(args.dst, args.k, panel);
  switch (args.dtype) {
    case DType::i8:
      return quantize_panel<DType::i8>(src, to);
    case DType::f16:
      return quantize_panel<DType::f16>(src, to);
    case DType::bf16:
      return quantize_panel<DType::bf16>(src, to);
    default:
      return quantize_panel<DType::f32>(src, to);
  }
}

}  // namespace

int64_t packed_bytes_i8(int64_t n, int64_t k) { return panels_of(n) * panel_bytes_i8(k); }

bool pack_i8(ThreadPool& pool, const PackMatrix& args) {
  return parallel_all(pool, panels_of(args.n),
                      [&](int64_t panel) { return quantize_panel(args, panel); });
}

}  // namespace ripvec::RIPVEC_ISA
