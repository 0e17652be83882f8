#include "native-test/check.h"

namespace test {
namespace {

using namespace ripvec;

constexpr Tolerance kExact = {0, 0};

Doubles widen(const Floats& x) { return Doubles(x.begin(), x.end()); }

void check_padding(const Subject& subject, const Lengths& lengths, int64_t cols) {
  Random random(1);
  const Floats x = random.numbers(lengths.total() * cols);
  Doubles padded(at(lengths.batch() * lengths.longest * cols));
  for (int64_t b = 0; b < lengths.batch(); b++) {
    for (int64_t i = 0; i < lengths.length(b) * cols; i++) {
      padded[at(b * lengths.longest * cols + i)] =
          static_cast<double>(x[at(lengths.start(b) * cols + i)]);
    }
  }
  const Floats wide =
      check(subject, "pad_to_batch", padded, kExact, [&](ThreadPool& pool, float* out) {
        subject.kernels.pad_to_batch(
            pool, {.x = x.data(), .out = out, .sequences = lengths.sequences(), .cols = cols});
      });
  check(subject, "unpad_from_batch", widen(x), kExact, [&](ThreadPool& pool, float* out) {
    subject.kernels.unpad_from_batch(
        pool, {.x = wide.data(), .out = out, .sequences = lengths.sequences(), .cols = cols});
  });
  Doubles mask(at(lengths.batch() * lengths.longest), -INFINITY);
  for (int64_t b = 0; b < lengths.batch(); b++) {
    for (int64_t s = 0; s < lengths.length(b); s++) mask[at(b * lengths.longest + s)] = 0;
  }
  check(subject, "build_attn_mask", mask, kExact, [&](ThreadPool& pool, float* out) {
    subject.kernels.build_attn_mask(pool, {.out = out, .sequences = lengths.sequences()});
  });
}

/** q, k and v are consecutive in one output, so that a write into the wrong one is found. */
void check_heads(const Subject& subject, const Lengths& lengths, int64_t heads, int64_t dim) {
  Random random(2);
  const int64_t width = heads * dim, rows = lengths.longest, one = lengths.batch() * rows * width;
  const Floats qkv = random.numbers(lengths.total() * 3 * width);
  Doubles expected(at(3 * one));
  Floats padded(at(lengths.batch() * rows * 3 * width));
  for (int64_t b = 0; b < lengths.batch(); b++) {
    for (int64_t s = 0; s < lengths.length(b); s++) {
      for (int64_t i = 0; i < 3 * width; i++) {
        const float value = qkv[at((lengths.start(b) + s) * 3 * width + i)];
        const int64_t part = i / width, h = i % width / dim, d = i % dim;
        expected[at(part * one + ((b * heads + h) * rows + s) * dim + d)] =
            static_cast<double>(value);
        padded[at((b * rows + s) * 3 * width + i)] = value;
      }
    }
  }
  const Floats split =
      check(subject, "fused_pad_qkv_split", expected, kExact, [&](ThreadPool& pool, float* out) {
        subject.kernels.fused_pad_qkv_split(pool, {.qkv = qkv.data(),
                                                   .q = out,
                                                   .k = out + one,
                                                   .v = out + 2 * one,
                                                   .sequences = lengths.sequences(),
                                                   .heads = heads,
                                                   .head_dim = dim});
      });
  check(subject, "qkv_split", expected, kExact, [&](ThreadPool& pool, float* out) {
    subject.kernels.qkv_split(pool, {.qkv = padded.data(),
                                     .q = out,
                                     .k = out + one,
                                     .v = out + 2 * one,
                                     .batch = lengths.batch(),
                                     .seq_len = rows,
                                     .heads = heads,
                                     .head_dim = dim});
  });
  Doubles side_by_side(at(one)), tokens(at(lengths.total() * width));
  for (int64_t row = 0; row < lengths.batch() * rows; row++) {
    for (int64_t i = 0; i < width; i++) {
      const int64_t b = row / rows, s = row % rows;
      const double value = static_cast<double>(padded[at(row * 3 * width + i)]);
      side_by_side[at(row * width + i)] = value;
      if (s < lengths.length(b)) tokens[at((lengths.start(b) + s) * width + i)] = value;
    }
  }
  check(subject, "attn_reshape", side_by_side, kExact, [&](ThreadPool& pool, float* out) {
    subject.kernels.attn_reshape(pool, {.x = split.data(),
                                        .out = out,
                                        .batch = lengths.batch(),
                                        .heads = heads,
                                        .seq_len = rows,
                                        .head_dim = dim});
  });
  check(subject, "fused_reshape_unpad", tokens, kExact, [&](ThreadPool& pool, float* out) {
    subject.kernels.fused_reshape_unpad(pool, {.x = split.data(),
                                               .out = out,
                                               .sequences = lengths.sequences(),
                                               .heads = heads,
                                               .head_dim = dim});
  });
}

void check_split(const Subject& subject, int64_t rows, int64_t cols) {
  Random random(3);
  const Floats x = random.numbers(rows * 2 * cols);
  Doubles expected(x.size());
  for (int64_t i = 0; i < rows * cols; i++) {
    const size_t from = at(i / cols * 2 * cols + i % cols);
    expected[at(i)] = static_cast<double>(x[from]);
    expected[at(rows * cols + i)] = static_cast<double>(x[from + at(cols)]);
  }
  check(subject, "split_gate_value", expected, kExact, [&](ThreadPool& pool, float* out) {
    subject.kernels.split_gate_value(
        pool, {.x = x.data(), .value = out, .gate = out + rows * cols, .rows = rows, .cols = cols});
  });
  check(subject, "copy", widen(x), kExact, [&](ThreadPool& pool, float* out) {
    subject.kernels.copy(
        pool,
        {.x = x.data(), .out = out, .x_dtype = DType::f32, .size = static_cast<int64_t>(x.size())});
  });
}

void check_rope(const Subject& subject, int64_t rows, int64_t heads, int64_t extra, int64_t dim) {
  Random random(4);
  const int64_t half = dim / 2, width = (heads + extra) * dim, positions = 11;
  const Floats x = random.numbers(rows * width);
  const Floats cos = random.numbers(positions * half), sin = random.numbers(positions * half);
  std::vector<int32_t> ids(at(rows));
  for (int32_t& id : ids) id = random.below(positions);
  Doubles expected = widen(x);
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t h = 0; h < heads; h++) {
      for (int64_t d = 0; d < half; d++) {
        const size_t i = at(row * width + h * dim + d), j = i + at(half);
        const size_t angle = at(ids[at(row)] * half + d);
        const double c = static_cast<double>(cos[angle]), s = static_cast<double>(sin[angle]);
        const double a = static_cast<double>(x[i]), b = static_cast<double>(x[j]);
        expected[i] = a * c - b * s;
        expected[j] = b * c + a * s;
      }
    }
  }
  for (const bool in_place : {false, true}) {
    check(
        subject, "apply_rope", expected, {3e-7, 1e-6},
        [&](ThreadPool& pool, float* out) {
          subject.kernels.apply_rope(pool, {.x = in_place ? out : x.data(),
                                            .cos = cos.data(),
                                            .sin = sin.data(),
                                            .position_ids = ids.data(),
                                            .out = out,
                                            .rows = rows,
                                            .width = width,
                                            .heads = heads,
                                            .head_dim = dim});
        },
        &x);
  }
}

}  // namespace

void test_layout(const Subject& subject) {
  const Lengths mixed({2, 0, 9, 1, 33});
  for (const int64_t cols : {1, 7, 32}) check_padding(subject, mixed, cols);
  check_padding(subject, Lengths({}), 3);
  check_padding(subject, Lengths({0, 0}), 3);
  check_padding(subject, Lengths({400, 300, 1}), 96);
  check_heads(subject, mixed, 3, 5);
  check_heads(subject, Lengths({130, 200, 7}), 4, 32);
  check_heads(subject, Lengths({0}), 2, 4);
  check_split(subject, 0, 5);
  check_split(subject, 3, 1);
  check_split(subject, 201, 130);
  check_rope(subject, 5, 2, 1, 6);
  check_rope(subject, 40, 1, 0, 2);
  check_rope(subject, 300, 4, 2, 64);
  check_rope(subject, 0, 1, 0, 8);
}

}  // namespace test
