// Converts the rows of a table to fewer bits. The result has the same bits as a checkpoint that was
// converted in advance.
#include "runtime/narrow_rows.h"

#include "runtime/quantize.h"

namespace ripvec::RIPVEC_ISA {
namespace {

/** A row in the source and its place in the destination. */
struct Row {
  const unsigned char* from;
  unsigned char* to;
  float* scale;
  int64_t cols;
};

template <DType kFrom, DType kTo>
bool round_row(Row row) {
  constexpr int64_t from_size = bytes_of(kFrom), to_size = bytes_of(kTo);
  V largest = zero();
  int64_t i = 0;
  for (; i + kLanes <= row.cols; i += kLanes) {
    const V v = load_as<kFrom>(row.from + i * from_size);
    largest = max(largest, sizes_of(v));
    store_as<kTo>(row.to + i * to_size, v);
  }
  if (const int64_t left = row.cols - i) {
    const V v = load_as_n<kFrom>(row.from + i * from_size, left);
    largest = max(largest, sizes_of(v));
    store_as_n<kTo>(row.to + i * to_size, v, left);
  }
  return max_lane(largest) < too_large_for(kTo);
}

template <DType kFrom>
bool quantize_row_of_table(Row row) {
  const Extremes e = extremes_of<kFrom>(row.from, row.cols);
  if (!e.finite) return false;
  *row.scale = weight_scale(e);
  const float inverse = 1.0f / *row.scale;
  int64_t i = 0;
  for (; i + kLanes <= row.cols; i += kLanes) {
    const V v = load_as<kFrom>(row.from + i * bytes_of(kFrom));
    store_bytes(row.to + i, quantized_weights(v, inverse));
  }
  if (const int64_t left = row.cols - i) {
    int8_t last[kLanes];
    const V v = load_as_n<kFrom>(row.from + i * bytes_of(kFrom), left);
    store_bytes(last, quantized_weights(v, inverse));
    memcpy(row.to + i, last, static_cast<size_t>(left));
  }
  return true;
}

template <DType kFrom>
bool narrow_row(Row row, DType storage) {
  switch (storage) {
    case DType::f16:
      return round_row<kFrom, DType::f16>(row);
    case DType::bf16:
      return round_row<kFrom, DType::bf16>(row);
    default:
      return quantize_row_of_table<kFrom>(row);
  }
}

bool narrow_row(Row row, DType dtype, DType storage) {
  switch (dtype) {
    case DType::f16:
      return narrow_row<DType::f16>(row, storage);
    case DType::bf16:
      return narrow_row<DType::bf16>(row, storage);
    default:
      return narrow_row<DType::f32>(row, storage);
  }
}

}  // namespace

bool narrow_rows(const NarrowRows& args) {
  const int64_t from_bytes = args.cols * bytes_of(args.dtype);
  const int64_t to_bytes = args.cols * bytes_of(args.storage);
  const auto* from = static_cast<const unsigned char*>(args.src);
  auto* to = static_cast<unsigned char*>(args.dst);
  for (int64_t r = 0; r < args.rows; r++) {
    float* scale = args.storage == DType::i8 ? args.scales + r : nullptr;
    const Row row = {from + r * from_bytes, to + r * to_bytes, scale, args.cols};
    if (!narrow_row(row, args.dtype, args.storage)) return false;
  }
  return true;
}

}  // namespace ripvec::RIPVEC_ISA
