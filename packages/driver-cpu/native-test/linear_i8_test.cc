#include "native-test/products.h"

namespace test {
namespace {

/** A quantised row: integers and their scale. */
struct Quantized {
  std::vector<int> q;
  double scale;
};

float smallest_normal(float scale) { return scale < 0x1p-126f ? 0x1p-126f : scale; }

Quantized quantize_weights(const float* w, int64_t k) {
  float most = 0;
  for (int64_t i = 0; i < k; i++) most = std::fmax(most, std::fabs(w[i]));
  const float scale = smallest_normal(most / 127.0f);
  Quantized row = {{}, static_cast<double>(scale)};
  for (int64_t i = 0; i < k; i++) {
    row.q.push_back(std::clamp(static_cast<int>(std::nearbyint(w[i] * (1.0f / scale))), -127, 127));
  }
  return row;
}

Quantized quantize_activations(const float* x, int64_t k) {
  float low = 0, high = 0;
  for (int64_t i = 0; i < k; i++) {
    if (!std::isfinite(x[i])) return {std::vector<int>(at(k)), NAN};
    low = std::fmin(low, x[i]);
    high = std::fmax(high, x[i]);
  }
  const double range = static_cast<double>(high) - static_cast<double>(low);
  const float scale = smallest_normal(static_cast<float>(range / 255));
  const int zero_point = static_cast<int>(std::nearbyint(-low * (1.0f / scale)));
  Quantized row = {{}, static_cast<double>(scale)};
  for (int64_t i = 0; i < k; i++) {
    const int q = static_cast<int>(std::nearbyint(x[i] * (1.0f / scale)));
    row.q.push_back(std::clamp(q + zero_point, 0, 255) - zero_point);
  }
  return row;
}

Doubles expected_of(const float* x, const float* w, const float* bias, Shape s, GeluForm act) {
  std::vector<Quantized> weights;
  for (int64_t j = 0; j < s.n; j++) weights.push_back(quantize_weights(w + j * s.k, s.k));
  Doubles out;
  for (int64_t i = 0; i < s.m; i++) {
    const Quantized row = quantize_activations(x + i * s.k, s.k);
    for (int64_t j = 0; j < s.n; j++) {
      const Quantized& column = weights[at(j)];
      int64_t sum = 0;
      for (size_t l = 0; l < at(s.k); l++) sum += row.q[l] * column.q[l];
      const double product = row.scale * column.scale * static_cast<double>(sum);
      out.push_back(gelu(product + (bias ? static_cast<double>(bias[j]) : 0), act));
    }
  }
  return out;
}

/**
 * Integers are exact. The scales, the conversion and the sum with the bias are rounded a few times,
 * and the activation functions of runtime/math.h err by 1e-6. If the zero point differed from the
 * reference's, whose range is rounded once, the error would be a hundred times larger.
 */
constexpr Tolerance kTolerance = {3e-6, 3e-6};

void check_shape(const Subject& subject, Shape s, uint32_t seed) {
  Random random(seed);
  Floats x = random.numbers(s.m * s.k);
  for (int64_t i = 0; i < s.m; i++) {
    // Rows have different ranges and zero points. Some are all positive, some all negative.
    const float shift = static_cast<float>(i % 5 - 2), size = i % 3 == 0 ? 0.01f : 1.0f;
    for (int64_t l = 0; l < s.k; l++) x[at(i * s.k + l)] = size * (x[at(i * s.k + l)] + shift);
  }
  const Floats w = random.numbers(s.n * s.k, 0.1f), bias = random.numbers(s.n);
  const Packed packed(subject, w.data(), DType::f32, DType::i8, s.n, s.k);
  expect(packed.fits, "i8: finite weights");
  for (const GeluForm act : {GeluForm::none, GeluForm::erf, GeluForm::tanh}) {
    const float* added = act == GeluForm::tanh ? nullptr : bias.data();
    const std::string what = name("linear i8", s);
    const Floats all =
        check(subject, what, expected_of(x.data(), w.data(), added, s, act), kTolerance,
              run_linear(subject, s, x.data(), nullptr, packed.panels, added, act));
    for (int64_t row = 0; row < s.m; row += 1 + s.m / 5) {
      Floats alone(at(s.n));
      run_linear(subject, {1, s.n, s.k}, x.data() + row * s.k, nullptr, packed.panels, added, act)(
          *subject.pools.front(), alone.data());
      const Floats inside(all.begin() + row * s.n, all.begin() + (row + 1) * s.n);
      expect(same_bits(alone, inside), what + ": a row depends on the others");
    }
  }
}

/**
 * Every row has one sign throughout, and the weights are the largest, so that an instruction that
 * saturates is found.
 */
void check_extremes(const Subject& subject) {
  const Shape s = {7, 35, 4099};
  Floats x(at(s.m * s.k)), w(at(s.n * s.k));
  for (int64_t i = 0; i < s.m; i++) {
    for (int64_t l = 0; l < s.k; l++) {
      const float alternating = l % 2 ? 1.0f : -1.0f;
      const float values[] = {1.0f,  -1.0f, alternating, 1e37f * alternating, 3e38f * alternating,
                              3e38f, 1e-42f};
      x[at(i * s.k + l)] = values[i];
    }
  }
  for (int64_t j = 0; j < s.n; j++) {
    for (int64_t l = 0; l < s.k; l++) {
      w[at(j * s.k + l)] = 1e-5f * (j % 3 == 0 ? 1.0f : j % 3 == 1 ? -1.0f : l % 2 ? 1.0f : -1.0f);
    }
  }
  const Packed packed(subject, w.data(), DType::f32, DType::i8, s.n, s.k);
  check(subject, "linear i8 of extremes",
        expected_of(x.data(), w.data(), nullptr, s, GeluForm::none), {1e-36, 3e-6},
        run_linear(subject, s, x.data(), nullptr, packed.panels, nullptr, GeluForm::none));
}

/**
 * Numbers that are small relative to the smallest scale must count as zeros. The reciprocal of
 * their own scale would be infinite.
 */
void check_subnormal(const Subject& subject) {
  const Shape s = {2, 3, 9};
  Floats x(at(s.m * s.k), 1e-39f), w(at(s.n * s.k), 1e37f);
  for (size_t l = 0; l < at(s.k); l += 2) x[l] = -2e-39f, w[l] = -1e36f;
  const Packed packed(subject, w.data(), DType::f32, DType::i8, s.n, s.k);
  const Floats out =
      check(subject, "linear i8 of subnormal rows",
            expected_of(x.data(), w.data(), nullptr, s, GeluForm::none), {0, 0},
            run_linear(subject, s, x.data(), nullptr, packed.panels, nullptr, GeluForm::none));
  expect(out == Floats(at(s.m * s.n)), "linear i8: subnormal rows are not zeros");
}

/**
 * Tests the widest matrix whose sums are sure to fit, with the largest byte and with −128, the
 * smallest, which other programs write.
 */
void check_widest(const Subject& subject) {
  const Shape s = {2, 2, kMaxInputsI8};
  Floats x(at(s.m * s.k), 1.0f), w(at(s.n * s.k), 1.0f);
  for (size_t l = 0; l < at(s.k); l++) x[l] = w[l] = -1.0f;
  const Packed packed(subject, w.data(), DType::f32, DType::i8, s.n, s.k);
  const std::vector<int8_t> lowest(at(s.n * s.k), -128);
  const Floats scales(at(s.n), 0.5f);
  const Packed given(subject, lowest.data(), DType::i8, DType::i8, s.n, s.k, scales.data());
  check(subject, "linear i8 of -128, widest",
        {64.0 * kMaxInputsI8, 64.0 * kMaxInputsI8, -64.0 * kMaxInputsI8, -64.0 * kMaxInputsI8},
        {0, 3e-6},
        run_linear(subject, s, x.data(), nullptr, given.panels, nullptr, GeluForm::none));
  check(subject, "linear i8, widest", expected_of(x.data(), w.data(), nullptr, s, GeluForm::none),
        kTolerance,
        run_linear(subject, s, x.data(), nullptr, packed.panels, nullptr, GeluForm::none));
}

/**
 * Rows of zeros must give exactly the bias. NaN and infinity must spoil their own row and no other.
 */
void check_special_rows(const Subject& subject) {
  const Shape s = {40, 33, 70};
  Random random(5);
  Floats x = random.numbers(s.m * s.k);
  const Floats w = random.numbers(s.n * s.k), bias = random.numbers(s.n);
  for (int64_t l = 0; l < s.k; l++) x[at(7 * s.k + l)] = l % 2 ? 0.0f : -0.0f;
  x[at(3 * s.k + 69)] = NAN;
  x[at(20 * s.k)] = INFINITY;
  x[at(33 * s.k + 15)] = -INFINITY;
  const Packed packed(subject, w.data(), DType::f32, DType::i8, s.n, s.k);
  const Floats out =
      check(subject, "linear i8 with NaN and infinity",
            expected_of(x.data(), w.data(), bias.data(), s, GeluForm::none), kTolerance,
            run_linear(subject, s, x.data(), nullptr, packed.panels, bias.data(), GeluForm::none));
  const Floats zeros(out.begin() + 7 * s.n, out.begin() + 8 * s.n);
  expect(same_bits(zeros, bias), "linear i8: a row of zeros is not the bias");
}

/** Tests a column of zeros, one of subnormal weights, and weights that i8 cannot hold. */
void check_special_weights(const Subject& subject) {
  const Shape s = {9, 34, 66};
  Random random(6);
  const Floats x = random.numbers(s.m * s.k);
  Floats w = random.numbers(s.n * s.k);
  for (int64_t l = 0; l < s.k; l++) w[at(3 * s.k + l)] = 0, w[at(33 * s.k + l)] *= 1e-40f;
  const Packed packed(subject, w.data(), DType::f32, DType::i8, s.n, s.k);
  check(subject, "linear i8 with empty columns",
        expected_of(x.data(), w.data(), nullptr, s, GeluForm::none), kTolerance,
        run_linear(subject, s, x.data(), nullptr, packed.panels, nullptr, GeluForm::none));
  for (const float value : {NAN, INFINITY, -INFINITY}) {
    Floats spoilt = w;
    spoilt[at(s.n * s.k - 1)] = value;
    expect(!Packed(subject, spoilt.data(), DType::f32, DType::i8, s.n, s.k).fits,
           "i8: weights that are not finite must be refused");
  }
}

/** Weights of 16 bits, at an odd address, must be quantised from their values. */
void check_half_sources(const Subject& subject) {
  const Shape s = {5, 37, 43};
  Random random(11);
  const Floats x = random.numbers(s.m * s.k);
  for (const DType dtype : {DType::f16, DType::bf16}) {
    Floats w = random.numbers(s.n * s.k);
    const std::vector<unsigned char> bytes = narrowed(subject, w, dtype);
    const Packed packed(subject, bytes.data() + 1, dtype, DType::i8, s.n, s.k);
    check(subject, "linear i8 from 16-bit weights",
          expected_of(x.data(), w.data(), nullptr, s, GeluForm::none), kTolerance,
          run_linear(subject, s, x.data(), nullptr, packed.panels, nullptr, GeluForm::none));
  }
}

}  // namespace

void test_linear_i8(const Subject& subject) {
  uint32_t seed = 1;
  for (const Shape s :
       {Shape{1, 1, 1}, Shape{0, 5, 3}, Shape{3, 7, 0}, Shape{2, 3, 5}, Shape{13, 31, 17},
        Shape{14, 32, 64}, Shape{15, 33, 65}, Shape{16, 48, 384}, Shape{29, 97, 385},
        Shape{99, 64, 96}, Shape{197, 65, 31}, Shape{1, 384, 1536}, Shape{17, 130, 801},
        Shape{1700, 40, 66}, Shape{110, 700, 130}}) {
    check_shape(subject, s, seed++);
  }
  check_extremes(subject);
  check_subnormal(subject);
  check_widest(subject);
  check_special_rows(subject);
  check_special_weights(subject);
  check_half_sources(subject);
}

}  // namespace test
