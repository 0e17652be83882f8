#include "native-test/check.h"

namespace test {
namespace {

using namespace ripvec;

enum class Kind { cls, last, mean, max };

Doubles pooled(const Floats& x, const Lengths& lengths, int64_t cols, Kind kind) {
  Doubles out(at(lengths.batch() * cols));
  for (int64_t b = 0; b < lengths.batch(); b++) {
    const int64_t length = lengths.length(b);
    for (int64_t row = 0; row < length; row++) {
      if ((kind == Kind::cls && row > 0) || (kind == Kind::last && row < length - 1)) continue;
      for (int64_t i = 0; i < cols; i++) {
        const double value = static_cast<double>(x[at((lengths.start(b) + row) * cols + i)]);
        double& result = out[at(b * cols + i)];
        if (kind == Kind::max) result = row == 0 ? value : std::fmax(result, value);
        if (kind == Kind::max) continue;
        result += kind == Kind::mean ? value / static_cast<double>(length) : value;
      }
    }
  }
  return out;
}

void check_pools(const Subject& subject, const Lengths& lengths, int64_t cols) {
  Random random(static_cast<uint32_t>(cols));
  const Floats x = random.numbers(lengths.total() * cols);
  const auto run = [&]<class Params>(const char* name, Kind kind,
                                     void (*kernel)(ThreadPool&, const Params&)) {
    check(subject, std::string(name) + " of " + std::to_string(cols),
          pooled(x, lengths, cols, kind), {1e-6, 1e-6}, [&](ThreadPool& pool, float* out) {
            kernel(pool,
                   {.x = x.data(), .out = out, .sequences = lengths.sequences(), .cols = cols});
          });
  };
  run("cls_pool", Kind::cls, subject.kernels.cls_pool);
  run("last_pool", Kind::last, subject.kernels.last_pool);
  run("mean_pool", Kind::mean, subject.kernels.mean_pool);
  run("max_pool", Kind::max, subject.kernels.max_pool);
}

void check_normalize(const Subject& subject, int64_t rows, int64_t cols, float size) {
  Random random(17);
  Floats x = random.numbers(rows * cols, size);
  for (int64_t i = 0; i < cols && rows > 1; i++) x[at(cols + i)] = 0;
  Doubles expected(x.size());
  for (int64_t row = 0; row < rows; row++) {
    double squares = 0;
    const auto value = [&](int64_t i) { return static_cast<double>(x[at(row * cols + i)]); };
    for (int64_t i = 0; i < cols; i++) squares += value(i) * value(i);
    const double norm = std::fmax(std::sqrt(squares), 1e-12);
    for (int64_t i = 0; i < cols; i++) expected[at(row * cols + i)] = value(i) / norm;
  }
  check(
      subject, "l2_normalize " + std::to_string(rows) + "x" + std::to_string(cols), expected,
      {1e-38, 2e-7},
      [&](ThreadPool& pool, float* out) {
        subject.kernels.l2_normalize(pool, {.x = out, .out = out, .rows = rows, .cols = cols});
      },
      &x);
}

}  // namespace

void test_pooling(const Subject& subject) {
  const Lengths mixed({3, 0, 1, 40, 7, 0, 65});
  for (const int64_t cols : {1, 5, 63, 64, 65, 384}) check_pools(subject, mixed, cols);
  check_pools(subject, Lengths({}), 8);
  check_pools(subject, Lengths({600}), 384);
  for (const int64_t rows : {0, 1, 2, 200}) check_normalize(subject, rows, 385, 1);
  check_normalize(subject, 3, 7, 1e-30f);
  check_normalize(subject, 3, 7, 1e30f);
  check_normalize(subject, 5, 1, 1);
}

}  // namespace test
