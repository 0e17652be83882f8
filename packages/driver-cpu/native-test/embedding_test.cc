#include "native-test/products.h"

namespace test {
namespace {

using namespace ripvec;

constexpr Tolerance kExact = {0, 0};

void check_table(const Subject& subject, DType dtype, int64_t rows, int64_t cols) {
  const int64_t vocab = 50;
  Random random(static_cast<uint32_t>(cols));
  Floats table = random.numbers(vocab * cols, dtype == DType::i8 ? 300.0f : 1.0f);
  const Floats x = random.numbers(rows * cols);
  std::vector<int32_t> ids(at(rows));
  for (int32_t& id : ids) id = random.below(vocab);
  // The values start at an odd address, because a file aligns nothing.
  std::vector<unsigned char> bytes(table.size() * 4 + 1);
  const auto convert = [&](const void* from, DType from_type, void* to, DType to_type) {
    subject.kernels.convert(
        *subject.pools.front(),
        {.x = from, .out = to, .x_dtype = from_type, .out_dtype = to_type, .size = vocab * cols});
  };
  convert(table.data(), DType::f32, bytes.data() + 1, dtype);
  convert(bytes.data() + 1, dtype, table.data(), DType::f32);
  Floats scales = random.numbers(vocab);
  scales[0] = 0x1p-126f;
  scales[1] = 0;
  const bool scaled = dtype == DType::i8;
  for (size_t i = 0; scaled && i < table.size(); i++) table[i] *= scales[i / at(cols)];
  const StoredRows stored = {
      .data = bytes.data() + 1, .dtype = dtype, .scales = scaled ? scales.data() : nullptr};
  Doubles looked_up(x.size()), added(x.size());
  for (size_t i = 0; i < x.size(); i++) {
    const size_t row = i / at(cols);
    const float value = table[at(ids[row] * cols) + i % at(cols)];
    looked_up[i] = static_cast<double>(value);
    added[i] = static_cast<double>(x[i] + value);
  }
  const std::string size = times(rows, cols);
  check(subject, "embedding_lookup" + size, looked_up, kExact, [&](ThreadPool& pool, float* out) {
    subject.kernels.embedding_lookup(
        pool,
        {.table = {.stored = stored}, .ids = ids.data(), .out = out, .rows = rows, .cols = cols});
  });
  check(
      subject, "add_embeddings" + size, added, kExact,
      [&](ThreadPool& pool, float* out) {
        subject.kernels.add_embeddings(pool, {.x = out,
                                              .table = {.stored = stored},
                                              .ids = ids.data(),
                                              .out = out,
                                              .rows = rows,
                                              .cols = cols});
      },
      &x);
}

/**
 * The same rows computed in another way: element by element, through `convert` or by the formula.
 */
struct Narrowed {
  std::vector<unsigned char> bytes;
  Floats scales;
};

Narrowed expected_of(const Subject& subject, const Floats& values, DType storage, int64_t cols) {
  Narrowed all = {std::vector<unsigned char>(values.size() * 2), {}};
  Floats whole = values;
  for (size_t row = 0; storage == DType::i8 && row < values.size() / at(cols); row++) {
    float* const from = &whole[row * at(cols)];
    float largest = 0;
    for (int64_t i = 0; i < cols; i++) largest = std::fmax(largest, std::fabs(from[i]));
    all.scales.push_back(std::fmax(largest / 127.0f, 0x1p-126f));
    const float inverse = 1.0f / all.scales.back();
    for (int64_t i = 0; i < cols; i++) {
      from[i] = std::fmin(127.0f, std::fmax(-127.0f, std::nearbyintf(from[i] * inverse)));
    }
  }
  subject.kernels.convert(*subject.pools.front(), {.x = whole.data(),
                                                   .out = all.bytes.data(),
                                                   .x_dtype = DType::f32,
                                                   .out_dtype = storage,
                                                   .size = static_cast<int64_t>(whole.size())});
  all.bytes.resize(values.size() * static_cast<size_t>(byte_length_of(storage)));
  return all;
}

/**
 * Narrows from an odd address to an odd address. Nothing may be written after the rows, which
 * include zeros, subnormals and the largest numbers.
 */
void check_narrowing(const Subject& subject, DType dtype, DType storage, int64_t cols) {
  const int64_t rows = 7;
  Floats values = Random(static_cast<uint32_t>(cols + 3)).numbers(rows * cols);
  const float sizes[] = {1, 0, 1e-42f, 1e-38f, 60000, 1e-6f, dtype == DType::f16 ? 1.0f : 3e4f};
  for (size_t i = 0; i < values.size(); i++) values[i] *= sizes[i / at(cols)];
  if (storage == DType::i8 && dtype == DType::f32) values.back() = 3.4028235e38f;
  const std::vector<unsigned char> bytes = narrowed(subject, values, dtype);
  const Narrowed expected = expected_of(subject, values, storage, cols);
  Guarded<unsigned char> out(static_cast<int64_t>(expected.bytes.size()) + 1);
  Floats scales(at(rows), -1.0f);
  const bool fits = subject.kernels.narrow_rows({.src = bytes.data() + 1,
                                                 .dtype = dtype,
                                                 .dst = out.data() + 1,
                                                 .storage = storage,
                                                 .scales = scales.data(),
                                                 .rows = rows,
                                                 .cols = cols});
  const std::string what = "narrow_rows" + times(rows, cols);
  expect(fits && out.intact() && out.data()[0] == 0xff, what + ": bounds");
  expect(std::memcmp(out.data() + 1, expected.bytes.data(), expected.bytes.size()) == 0, what);
  expect(storage != DType::i8 || same_bits(scales, expected.scales), what + ": scales");
}

/**
 * `narrow_rows` must accept `last`, the largest value that fits, and refuse `first`, the smallest
 * one that does not, at any place.
 */
void check_misfits(const Subject& subject, DType storage, float last, float first) {
  constexpr int64_t kCols = 37;
  std::vector<unsigned char> out(2 * kCols * 2);
  Floats scales(2);
  const auto narrow = [&](const Floats& values) {
    return subject.kernels.narrow_rows({.src = values.data(),
                                        .dtype = DType::f32,
                                        .dst = out.data(),
                                        .storage = storage,
                                        .scales = scales.data(),
                                        .rows = 2,
                                        .cols = kCols});
  };
  for (const size_t place : {at(0), at(15), at(36), at(37), at(73)}) {
    Floats values(2 * kCols, 1.0f);
    for (const float value : {last, -last}) {
      values[place] = value;
      expect(narrow(values), "narrow_rows: the largest");
    }
    for (const float value : {first, -first, NAN, INFINITY, -INFINITY}) {
      values[place] = value;
      expect(!narrow(values), "narrow_rows: beyond the largest");
    }
  }
}

}  // namespace

void test_embedding(const Subject& subject) {
  for (const DType dtype : {DType::f32, DType::f16, DType::bf16}) {
    for (const DType storage : {DType::f16, DType::bf16, DType::i8}) {
      for (const int64_t cols : {1, 7, 16, 31, 384, 385}) {
        check_narrowing(subject, dtype, storage, cols);
      }
    }
  }
  check_misfits(subject, DType::f16, std::nextafterf(65520.0f, 0.0f), 65520.0f);
  check_misfits(subject, DType::bf16, std::nextafterf(0x1.ffp127f, 0.0f), 0x1.ffp127f);
  check_misfits(subject, DType::i8, 3.4028235e38f, INFINITY);
  for (const DType dtype : {DType::f32, DType::f16, DType::bf16, DType::i8}) {
    for (const int64_t cols : {1, 7, 16, 31, 384}) {
      check_table(subject, dtype, 0, cols);
      check_table(subject, dtype, 1, cols);
      check_table(subject, dtype, 133, cols);
    }
  }
}

}  // namespace test
