#include <algorithm>
#include <limits>

#include "native-test/check.h"

namespace test {
namespace {

using namespace ripvec;

struct Case {
  std::vector<int> lengths;
  int64_t heads, dim;
  int64_t window;
  bool rope;
  float scale;
  bool causal = false;
  int64_t reach = -1;  // reach of the bias; −1 without a bias

  int64_t distances() const { return 2 * reach + 1; }
};

struct Inputs {
  Floats qkv, cos, sin, bias;
  std::vector<int32_t> positions;
};

Inputs inputs_of(const Case& c, const Lengths& lengths) {
  Random random(3);
  Inputs in = {.qkv = random.numbers(lengths.total() * 3 * c.heads * c.dim, 2),
               .cos = {},
               .sin = {},
               .bias = {},
               .positions = {}};
  if (c.reach >= 0) in.bias = random.numbers(c.heads * c.distances(), 4);
  if (!c.rope) return in;
  const int64_t half = c.dim / 2;
  for (int64_t p = 0; p < lengths.longest + 3; p++) {
    for (int64_t d = 0; d < half; d++) {
      const double angle = static_cast<double>(p) *
                           std::pow(100.0, -static_cast<double>(d) / static_cast<double>(half));
      in.cos.push_back(static_cast<float>(std::cos(angle)));
      in.sin.push_back(static_cast<float>(std::sin(angle)));
    }
  }
  for (int64_t b = 0; b < lengths.batch(); b++) {
    for (int64_t s = 0; s < lengths.length(b); s++)
      in.positions.push_back(static_cast<int32_t>(s + 2));
  }
  return in;
}

void rotate_heads(const Case& c, const Inputs& in, Doubles& x, int64_t heads) {
  const int64_t half = c.dim / 2, width = 3 * c.heads * c.dim;
  for (size_t row = 0; row < in.positions.size(); row++) {
    for (int64_t h = 0; h < heads; h++) {
      for (int64_t d = 0; d < half; d++) {
        const double cos = static_cast<double>(in.cos[at(in.positions[row] * half + d)]);
        const double sin = static_cast<double>(in.sin[at(in.positions[row] * half + d)]);
        double& a = x[row * at(width) + at(h * c.dim + d)];
        double& b = x[row * at(width) + at(h * c.dim + d + half)];
        const double first = a * cos - b * sin;
        b = b * cos + a * sin;
        a = first;
      }
    }
  }
}

/** Returns 0 without biases. */
double bias_of(const Case& c, const Inputs& in, int64_t head, int64_t query, int64_t key) {
  if (c.reach < 0) return 0;
  const int64_t distance = std::clamp(key - query, -c.reach, c.reach);
  return static_cast<double>(in.bias[at(head * c.distances() + c.reach + distance)]);
}

bool is_visible(const Case& c, const Inputs& in, int64_t head, int64_t query, int64_t key) {
  if (c.window >= 0 && std::abs(query - key) > c.window / 2) return false;
  if (c.causal && key > query) return false;
  return bias_of(c, in, head, query, key) != -INFINITY;
}

Doubles reference(const Case& c, const Inputs& in, const Lengths& lengths) {
  const int64_t width = 3 * c.heads * c.dim;
  Doubles x(in.qkv.begin(), in.qkv.end());
  if (c.rope) rotate_heads(c, in, x, 2 * c.heads);
  Doubles out(at(lengths.total() * c.heads * c.dim));
  const auto value = [&](int64_t row, int64_t part, int64_t h, int64_t d) {
    return x[at(row * width + (part * c.heads + h) * c.dim + d)];
  };
  for (int64_t b = 0; b < lengths.batch(); b++) {
    const int64_t start = lengths.start(b), length = lengths.length(b);
    for (int64_t h = 0; h < c.heads; h++) {
      for (int64_t i = 0; i < length; i++) {
        Doubles scores(at(length), -INFINITY);
        double top = -INFINITY, total = 0;
        for (int64_t j = 0; j < length; j++) {
          if (!is_visible(c, in, h, i, j)) continue;
          double score = 0;
          for (int64_t d = 0; d < c.dim; d++)
            score += value(start + i, 0, h, d) * value(start + j, 1, h, d);
          scores[at(j)] = score * static_cast<double>(c.scale) + bias_of(c, in, h, i, j);
          top = std::max(top, scores[at(j)]);
        }
        if (top == -INFINITY) continue;
        for (double& score : scores) total += score = std::exp(score - top);
        for (int64_t d = 0; d < c.dim; d++) {
          double sum = 0;
          for (int64_t j = 0; j < length; j++) {
            if (scores[at(j)] != 0) sum += scores[at(j)] * value(start + j, 2, h, d);
          }
          out[at(((start + i) * c.heads + h) * c.dim + d)] = sum / total;
        }
      }
    }
  }
  return out;
}

void run(const Subject& subject, const Case& c, const Inputs& in, ThreadPool& pool,
         const Sequences& sequences, int64_t from, float* out) {
  subject.kernels.attention(pool, {.qkv = in.qkv.data() + from * 3 * c.heads * c.dim,
                                   .rope_cos = c.rope ? in.cos.data() : nullptr,
                                   .rope_sin = c.rope ? in.sin.data() : nullptr,
                                   .position_ids = c.rope ? in.positions.data() + from : nullptr,
                                   .position_bias = c.reach < 0 ? nullptr : in.bias.data(),
                                   .out = out,
                                   .sequences = sequences,
                                   .heads = c.heads,
                                   .head_dim = c.dim,
                                   .scale = c.scale,
                                   .window = c.window,
                                   .causal = c.causal,
                                   .distances = c.reach < 0 ? 0 : c.distances()});
}

/** The rows of a sequence must have the same bits in a batch and alone. */
void check_neighbours(const Subject& subject, const Case& c, const Inputs& in,
                      const Lengths& lengths, const Floats& all, const std::string& what) {
  const int64_t width = c.heads * c.dim;
  for (int64_t b = 0; b < lengths.batch(); b++) {
    const Lengths own({static_cast<int>(lengths.length(b))});
    Floats alone(at(own.total() * width));
    run(subject, c, in, *subject.pools[1], own.sequences(), lengths.start(b), alone.data());
    const auto from = all.begin() + lengths.start(b) * width;
    expect(same_bits(alone, Floats(from, from + own.total() * width)),
           what + ": a sequence depends on its neighbours");
  }
}

void check_case(const Subject& subject, const Case& c) {
  const Lengths lengths(c.lengths);
  const Inputs in = inputs_of(c, lengths);
  const std::string what = "attention heads " + std::to_string(c.heads) + " dim " +
                           std::to_string(c.dim) + " window " + std::to_string(c.window) +
                           (c.rope ? " rope" : "") + (c.causal ? " causal" : "") +
                           (c.reach < 0 ? "" : " reach " + std::to_string(c.reach));
  // Scores reach 40. An error of 4e-6 in a score is the same relative error of its probability.
  const Floats all = check(subject, what, reference(c, in, lengths), {2e-5, 1e-5},
                           [&](ThreadPool& pool, float* out) {
                             run(subject, c, in, pool, lengths.sequences(), 0, out);
                           });
  check_neighbours(subject, c, in, lengths, all, what);
}

/**
 * NaN in a key must affect the queries that see it, and no others. Overflowing scores must give
 * NaN.
 */
void check_not_finite(const Subject& subject) {
  const Case c = {{3, 20}, 2, 8, 4, false, 1.0f};
  const Lengths lengths(c.lengths);
  Inputs in = inputs_of(c, lengths);
  const int64_t width = 3 * c.heads * c.dim, poisoned = 3 + 9;
  in.qkv[at(poisoned * width + c.heads * c.dim)] = NAN;
  Floats out(at(lengths.total() * c.heads * c.dim));
  run(subject, c, in, *subject.pools[1], lengths.sequences(), 0, out.data());
  for (int64_t row = 0; row < lengths.total(); row++) {
    const bool sees = row >= 3 && std::abs(row - poisoned) <= c.window / 2;
    for (int64_t d = 0; d < c.heads * c.dim; d++) {
      const bool nan = std::isnan(out[at(row * c.heads * c.dim + d)]);
      expect(nan == (sees && d < c.dim), "attention: NaN in one key of one head");
    }
  }
}

/**
 * A value that is not finite must affect only the queries that see its key. The others keep their
 * bits.
 */
void check_values_not_finite(const Subject& subject, const Case& c, float value) {
  const Lengths lengths(c.lengths);
  Inputs in = inputs_of(c, lengths);
  if (c.reach >= 0) {
    for (int64_t h = 0; h < c.heads; h++) in.bias[at(h * c.distances())] = -INFINITY;
  }
  const int64_t width = c.heads * c.dim;
  Floats before(at(lengths.total() * width)), after(before.size());
  run(subject, c, in, *subject.pools[1], lengths.sequences(), 0, before.data());
  for (const int64_t key : {0, 31, 130, 299}) {
    Inputs poisoned = in;
    poisoned.qkv[at((3 + key) * 3 * width + 2 * width + 1)] = value;
    run(subject, c, poisoned, *subject.pools[1], lengths.sequences(), 0, after.data());
    for (int64_t i = 0; i < lengths.total() * width; i++) {
      const int64_t head = i % width / c.dim;
      const bool sees = i >= 3 * width && is_visible(c, in, head, i / width - 3, key);
      const float now = after[at(i)];
      expect(sees && i % width == 1 ? !std::isfinite(now) : now == before[at(i)],
             "attention: a value that isn't finite" + times(c.window, key));
    }
  }
}

/**
 * A bias of −infinity must hide a key whatever its score is, and a query without visible keys must
 * get zeros. The lowest float as the bias of all keys must hide none.
 */
void check_extreme_biases(const Subject& subject) {
  Case c = {{3, 0, 140}, 2, 8, -1, false, 1.0f, false, 4};
  const Lengths lengths(c.lengths);
  for (const bool causal : {false, true}) {
    c.causal = causal;
    Inputs in = inputs_of(c, lengths);
    const auto check_with = [&](const char* what) {
      check(subject, what, reference(c, in, lengths), {2e-5, 1e-5},
            [&](ThreadPool& pool, float* out) {
              run(subject, c, in, pool, lengths.sequences(), 0, out);
            });
    };
    for (size_t d = 0; d < at(c.distances()); d++) in.bias[d] = d % 2 == 0 ? -INFINITY : in.bias[d];
    check_with("attention: every second key is hidden");
    std::fill(in.bias.begin(), in.bias.begin() + c.distances(), -INFINITY);
    check_with("attention: every key of the first head is hidden");
    std::fill(in.bias.begin(), in.bias.end(), -std::numeric_limits<float>::max());
    std::fill(in.qkv.begin(), in.qkv.end(), 1.0f);
    check_with("attention: the lowest bias for every key");
  }
}

struct Scores {
  int64_t batch, heads, queries, keys, window;
  Floats x, mask;
  bool masked;

  int64_t rows() const { return batch * heads * queries; }
  /** Returns −infinity for a hidden key. */
  double score(int64_t row, int64_t key) const {
    if (window >= 0 && std::abs(row % queries - key) > window / 2) return -INFINITY;
    const double scaled = 0.5 * static_cast<double>(x[at(row * keys + key)]);
    if (!masked) return scaled;
    return scaled + static_cast<double>(mask[at(row / (heads * queries) * keys + key)]);
  }
  ScaleMaskSoftmax params(const float* from, float* out) const {
    return {.x = from,
            .mask = masked ? mask.data() : nullptr,
            .out = out,
            .batch = batch,
            .heads = heads,
            .queries = queries,
            .keys = keys,
            .scale = 0.5f,
            .window = window};
  }
};

Doubles softmax(const Scores& s) {
  Doubles out(s.x.size());
  for (int64_t row = 0; row < s.rows(); row++) {
    double top = -INFINITY, total = 0;
    for (int64_t j = 0; j < s.keys; j++) top = std::max(top, s.score(row, j));
    if (top == -INFINITY) continue;
    for (int64_t j = 0; j < s.keys; j++) total += std::exp(s.score(row, j) - top);
    for (int64_t j = 0; j < s.keys; j++) {
      out[at(row * s.keys + j)] = std::exp(s.score(row, j) - top) / total;
    }
  }
  return out;
}

/** With a mask, the second half of the batch sees no key at all. */
void check_softmax(const Subject& subject, int64_t keys, int64_t window, bool masked) {
  Random random(5);
  Scores s = {.batch = 2,
              .heads = 2,
              .queries = keys == 7 ? 30 : 5,
              .keys = keys,
              .window = window,
              .x = {},
              .mask = Floats(at(2 * keys), -INFINITY),
              .masked = masked};
  s.x = random.numbers(s.rows() * keys, 20);
  for (size_t j = 0; j < at(keys); j++) {
    if (random.below(3) != 0) s.mask[j] = random.number(3);
  }
  const Doubles expected = softmax(s);
  const std::string what = "scale_mask_softmax" + times(keys, window);
  const Floats apart =
      check(subject, what, expected, {1e-7, 4e-6}, [&](ThreadPool& pool, float* out) {
        subject.kernels.scale_mask_softmax(pool, s.params(s.x.data(), out));
      });
  check(
      subject, what + " in place", expected, {1e-7, 4e-6},
      [&](ThreadPool& pool, float* out) {
        subject.kernels.scale_mask_softmax(pool, s.params(out, out));
      },
      &s.x);
  for (size_t i = 0; i < expected.size(); i++) {
    if (expected[i] == 0) expect(apart[i] == 0, what + ": a hidden key is not exactly 0");
  }
}

void check_softmax_not_finite(const Subject& subject) {
  const Scores s = {.batch = 1,
                    .heads = 2,
                    .queries = 1,
                    .keys = 3,
                    .window = -1,
                    .x = {1, NAN, 3, INFINITY, -INFINITY, 3},
                    .mask = {0, -INFINITY, 0},
                    .masked = true};
  Floats out(6);
  subject.kernels.scale_mask_softmax(*subject.pools.front(), s.params(s.x.data(), out.data()));
  expect(out[1] == 0 && std::fabs(out[0] - 0.26894142f) < 1e-6f,
         "softmax: a hidden NaN stays hidden");
  expect(std::isnan(out[3]), "softmax: infinity minus infinity is NaN");
}

}  // namespace

void test_attention(const Subject& subject) {
  const std::vector<int> mixed = {0, 1, 7, 8, 9, 31, 33, 63, 64, 65, 66, 0, 127, 129, 150};
  check_case(subject, {mixed, 2, 32, -1, false, 0.1767767f});
  check_case(subject, {mixed, 1, 64, -1, true, 0.125f});
  check_case(subject, {mixed, 3, 5, 16, false, 1.0f});
  check_case(subject, {mixed, 1, 20, 64, true, 0.3f});
  check_case(subject, {{1, 2, 40}, 1, 1, 0, false, 1.0f});
  check_case(subject, {{300, 17, 513}, 1, 32, 128, false, 0.2f});
  check_case(subject, {{513}, 1, 33, -1, false, 1.0f});
  check_case(subject, {{}, 2, 8, -1, false, 1.0f});
  check_case(subject, {{0, 0}, 2, 8, -1, false, 1.0f});
  for (const bool causal : {false, true}) {
    check_case(subject, {mixed, 2, 32, -1, false, 0.1767767f, causal, 31});
    check_case(subject, {mixed, 1, 64, -1, true, 0.125f, causal, 200});
    check_case(subject, {mixed, 3, 5, 16, false, 1.0f, causal, 4});
    check_case(subject, {{1, 2, 40}, 3, 7, -1, false, 0.0f, causal, 0});
    check_case(subject, {{300, 17, 513}, 1, 32, 128, false, 0.2f, causal, 100});
    check_case(subject, {{513}, 2, 33, -1, false, 0.3f, causal, 128});
  }
  check_case(subject, {mixed, 2, 32, -1, false, 0.1767767f, true});
  check_case(subject, {mixed, 1, 20, 64, true, 0.3f, true});
  check_case(subject, {{300, 513}, 1, 16, 0, false, 1.0f, true});
  check_not_finite(subject);
  check_extreme_biases(subject);
  for (const int64_t window : {0, 4, 6, 128}) {
    check_values_not_finite(subject, {{3, 300}, 2, 5, window, false, 1.0f}, NAN);
    check_values_not_finite(subject, {{3, 300}, 2, 6, window, true, 1.0f}, INFINITY);
  }
  check_values_not_finite(subject, {{3, 300}, 2, 6, -1, false, 1.0f, true}, NAN);
  check_values_not_finite(subject, {{3, 300}, 2, 6, -1, true, 1.0f, false, 70}, INFINITY);
  check_values_not_finite(subject, {{3, 300}, 2, 6, 128, false, 1.0f, true, 20}, NAN);
}

void test_softmax(const Subject& subject) {
  for (const int64_t keys : {1, 7, 16, 17, 66}) {
    for (const int64_t window : {-1, 0, 6}) {
      for (const bool masked : {false, true}) check_softmax(subject, keys, window, masked);
    }
  }
  check_softmax_not_finite(subject);
}

}  // namespace test
