#include <numbers>

#include "native-test/check.h"

namespace test {
namespace {

using namespace ripvec;

using Formula = std::function<double(double x, double y, double z)>;

double erf_gelu(double x) { return x / 2 * std::erfc(-x / std::sqrt(2.0)); }
double tanh_gelu(double x) {
  return x / 2 * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
}
double gelu_of(GeluForm form, double x) {
  return form == GeluForm::tanh ? tanh_gelu(x) : erf_gelu(x);
}

/** Sizes around those of a vector and of a chunk, and 0. */
const int64_t sizes[] = {0, 1, 3, 4, 7, 8, 15, 16, 17, 33, 16385, 40000};

Doubles map(const Floats& x, const Floats& y, const Floats& z, const Formula& f) {
  Doubles out(x.size());
  for (size_t i = 0; i < x.size(); i++) {
    out[i] = f(static_cast<double>(x[i]), static_cast<double>(y[i % y.size()]),
               static_cast<double>(z[i % z.size()]));
  }
  return out;
}

// In f32 the formulas are rounded a few times. Errors of GELU are relative to x, which stays below
// 4 here.
constexpr Tolerance kTolerance = {1e-6, 1e-6};

void test_sizes(const Subject& subject) {
  const KernelTable& k = subject.kernels;
  for (const int64_t n : sizes) {
    Random random(static_cast<uint32_t>(n) + 1);
    const Floats x = random.numbers(n, 4), y = random.numbers(n + 1, 4);
    const std::string size = times(1, n);
    check(
        subject, "residual_add" + size,
        map(x, y, y, [](double a, double b, double) { return a + b; }), kTolerance,
        [&](ThreadPool& pool, float* out) {
          k.residual_add(pool, {.x = out, .residual = y.data(), .out = out, .size = n});
        },
        &x);
    check(subject, "swiglu" + size,
          map(x, y, y, [](double v, double g, double) { return v / (1 + std::exp(-v)) * g; }),
          {4e-6, 2e-6}, [&](ThreadPool& pool, float* out) {
            k.swiglu(pool, {.value = x.data(), .gate = y.data(), .out = out, .size = n});
          });
    check(
        subject, "tanh" + size, map(x, y, y, [](double v, double, double) { return std::tanh(v); }),
        kTolerance,
        [&](ThreadPool& pool, float* out) { k.tanh(pool, {.x = out, .out = out, .size = n}); }, &x);
    check(
        subject, "relu" + size,
        map(x, y, y, [](double v, double, double) { return v > 0 ? v : 0; }), {0, 0},
        [&](ThreadPool& pool, float* out) { k.relu(pool, {.x = out, .out = out, .size = n}); }, &x);
    for (const GeluForm form : {GeluForm::erf, GeluForm::tanh}) {
      check(
          subject, "gelu" + size,
          map(x, y, y, [&](double v, double, double) { return gelu_of(form, v); }), kTolerance,
          [&](ThreadPool& pool, float* out) {
            k.gelu(pool, {.x = out, .out = out, .size = n, .form = form});
          },
          &x);
      check(subject, "geglu" + size,
            map(x, y, y, [&](double v, double g, double) { return gelu_of(form, v) * g; }),
            {4e-6, 2e-6}, [&](ThreadPool& pool, float* out) {
              k.geglu(pool,
                      {.value = x.data(), .gate = y.data(), .out = out, .size = n, .form = form});
            });
    }
  }
}

void test_rows(const Subject& subject) {
  const KernelTable& k = subject.kernels;
  for (const int64_t rows : {0, 1, 5, 300}) {
    for (const int64_t cols : {1, 3, 16, 37, 384}) {
      Random random(static_cast<uint32_t>(rows * 1000 + cols));
      const Floats x = random.numbers(rows * cols, 3), bias = random.numbers(cols);
      const Floats residual = random.numbers(rows * cols + 1);
      const Floats wide = random.numbers(rows * 2 * cols, 3);
      const std::string size = times(rows, cols);
      check(
          subject, "add_bias" + size,
          map(x, bias, bias, [](double a, double b, double) { return a + b; }), kTolerance,
          [&](ThreadPool& pool, float* out) {
            k.add_bias(pool,
                       {.x = out, .bias = bias.data(), .out = out, .rows = rows, .cols = cols});
          },
          &x);
      check(
          subject, "fused_bias_residual" + size,
          map(x, bias, residual, [](double a, double b, double c) { return a + b + c; }),
          kTolerance,
          [&](ThreadPool& pool, float* out) {
            k.fused_bias_residual(pool, {.x = out,
                                         .bias = bias.data(),
                                         .residual = residual.data(),
                                         .out = out,
                                         .rows = rows,
                                         .cols = cols});
          },
          &x);
      for (const GeluForm form : {GeluForm::erf, GeluForm::tanh}) {
        check(
            subject, "fused_bias_gelu" + size,
            map(x, bias, bias, [&](double a, double b, double) { return gelu_of(form, a + b); }),
            kTolerance,
            [&](ThreadPool& pool, float* out) {
              k.fused_bias_gelu(pool, {.x = out,
                                       .bias = bias.data(),
                                       .out = out,
                                       .rows = rows,
                                       .cols = cols,
                                       .form = form});
            },
            &x);
        Doubles expected(x.size());
        for (int64_t i = 0; i < rows * cols; i++) {
          const size_t value = at(i / cols * 2 * cols + i % cols);
          expected[at(i)] = gelu_of(form, static_cast<double>(wide[value])) *
                            static_cast<double>(wide[value + at(cols)]);
        }
        check(subject, "fused_split_geglu" + size, expected, {4e-6, 2e-6},
              [&](ThreadPool& pool, float* out) {
                k.fused_split_geglu(
                    pool, {.x = wide.data(), .out = out, .rows = rows, .cols = cols, .form = form});
              });
      }
    }
  }
}

struct Sweep {
  const char* name;
  std::function<void(ThreadPool&, const float*, float*, int64_t)> run;
  double (*formula)(double);
  Tolerance tolerance;
};

/** Tests the functions over their whole range, infinity and NaN included. */
void test_range(const Subject& subject) {
  const KernelTable& k = subject.kernels;
  Floats x = {0.0f, -0.0f, INFINITY, -INFINITY, NAN, 3e38f, -3e38f, 1e-38f, -1e-38f, 1e-45f};
  for (float v = -20; v < 20; v += 0.00097f) x.push_back(v);
  for (float v = 1e-30f; v < 1e30f; v *= 3) x.insert(x.end(), {v, -v});
  const auto n = static_cast<int64_t>(x.size());
  // A portable build rounds products and sums separately, so the errors of its functions are about
  // twice as large.
  const Sweep sweeps[] = {
      {"gelu erf",
       [&](ThreadPool& pool, const float* from, float* to, int64_t size) {
         k.gelu(pool, {.x = from, .out = to, .size = size, .form = GeluForm::erf});
       },
       erf_gelu,
       {3e-7, 3e-7}},
      {"gelu tanh",
       [&](ThreadPool& pool, const float* from, float* to, int64_t size) {
         k.gelu(pool, {.x = from, .out = to, .size = size, .form = GeluForm::tanh});
       },
       tanh_gelu,
       {3e-7, 5e-7}},
      {"tanh",
       [&](ThreadPool& pool, const float* from, float* to, int64_t size) {
         k.tanh(pool, {.x = from, .out = to, .size = size});
       },
       std::tanh,
       {1e-40, 6e-7}},
  };
  for (const Sweep& sweep : sweeps) {
    Doubles expected(x.size());
    double worst = 0;
    for (size_t i = 0; i < x.size(); i++) expected[i] = sweep.formula(static_cast<double>(x[i]));
    const Floats out =
        check(subject, sweep.name, expected, sweep.tolerance,
              [&](ThreadPool& pool, float* to) { sweep.run(pool, x.data(), to, n); });
    for (size_t i = 0; i < x.size(); i++) {
      if (std::fabs(x[i]) < 3)
        worst = std::fmax(worst, std::fabs(static_cast<double>(out[i]) - expected[i]));
    }
    std::printf("  %-9s largest error below 3: %.1e\n", sweep.name, worst);
  }
  // To compute exp from swiglu as e^x = 1 / (1/σ(−x) − 1) would be ill-conditioned. Therefore exp
  // is read from a softmax of two keys.
  double worst = 0;
  for (float v = 0; v < 87; v += 0.013f) {
    const float scores[2] = {0, -v};
    float out[2];
    k.scale_mask_softmax(*subject.pools.front(), {.x = scores,
                                                  .mask = nullptr,
                                                  .out = out,
                                                  .batch = 1,
                                                  .heads = 1,
                                                  .queries = 1,
                                                  .keys = 2,
                                                  .scale = 1,
                                                  .window = -1});
    const double ratio = static_cast<double>(out[1]) / static_cast<double>(out[0]);
    worst = std::fmax(worst, std::fabs(ratio / std::exp(-static_cast<double>(v)) - 1));
  }
  expect(worst < 6e-7, "exp: relative error " + std::to_string(worst));
  std::printf("  exp       largest relative error: %.1e\n", worst);
}

}  // namespace

void test_pointwise(const Subject& subject) {
  test_sizes(subject);
  test_rows(subject);
  test_range(subject);
}

}  // namespace test
