#include "native-test/check.h"

namespace test {
namespace {

using namespace ripvec;

template <class From, class To>
std::vector<To> converted(const Subject& subject, const std::vector<From>& x, DType from,
                          DType to) {
  std::vector<To> first;
  for (ThreadPool* pool : subject.pools) {
    Guarded<To> out(static_cast<int64_t>(x.size()));
    subject.kernels.convert(*pool, {.x = x.data(),
                                    .out = out.data(),
                                    .x_dtype = from,
                                    .out_dtype = to,
                                    .size = static_cast<int64_t>(x.size())});
    expect(out.intact(), "convert: wrote outside its output");
    if (pool == subject.pools.front()) first = out.values();
    expect(
        first.empty() || !std::memcmp(first.data(), out.values().data(), first.size() * sizeof(To)),
        "convert: bits depend on the number of threads");
  }
  return first;
}

/**
 * Computes, from the definition, the value of a 16-bit float that has `fraction` bits of fraction.
 */
double value_of(uint16_t bits, int fraction) {
  const int exponents = 15 - fraction, bias = (1 << (exponents - 1)) - 1;
  const int exponent = (bits >> fraction) & ((1 << exponents) - 1);
  const double mantissa = bits & ((1 << fraction) - 1);
  const double sign = bits & 0x8000 ? -1 : 1;
  if (exponent == (1 << exponents) - 1) return mantissa == 0 ? sign * INFINITY : NAN;
  if (exponent == 0) return sign * std::ldexp(mantissa, 1 - bias - fraction);
  return sign * std::ldexp(mantissa + (1 << fraction), exponent - bias - fraction);
}

/**
 * Every 16-bit pattern must be widened to its value, and that must be narrowed to the same pattern.
 */
void check_all_patterns(const Subject& subject, DType dtype, int fraction) {
  std::vector<uint16_t> patterns(65536);
  for (size_t i = 0; i < patterns.size(); i++) patterns[i] = static_cast<uint16_t>(i);
  const Floats wide = converted<uint16_t, float>(subject, patterns, dtype, DType::f32);
  const auto back = converted<float, uint16_t>(subject, wide, DType::f32, dtype);
  for (size_t i = 0; i < patterns.size(); i++) {
    const double expected = value_of(patterns[i], fraction);
    if (std::isnan(expected)) {
      expect(std::isnan(wide[i]) && std::isnan(value_of(back[i], fraction)),
             "convert: NaN stays NaN");
    } else {
      expect(static_cast<double>(wide[i]) == expected, "convert: 16-bit float to f32");
      expect(back[i] == patterns[i], "convert: 16-bit float there and back");
    }
  }
}

/**
 * A value between two neighbours must be rounded to the nearer one, and half way between them to
 * the even one.
 */
void check_rounding(const Subject& subject, DType dtype, int fraction) {
  Floats x;
  std::vector<uint16_t> expected;
  const auto top = static_cast<uint16_t>(dtype == DType::f16 ? 0x7bfe : 0x7f7e);
  for (uint16_t bits = 0; bits < top; bits = static_cast<uint16_t>(bits + 37)) {
    const double low = value_of(bits, fraction),
                 high = value_of(static_cast<uint16_t>(bits + 1), fraction);
    const auto middle = static_cast<float>((low + high) / 2);
    const auto next = static_cast<uint16_t>(bits + 1);
    x.insert(x.end(),
             {middle, std::nextafter(middle, 0.0f), std::nextafter(middle, INFINITY), -middle});
    const uint16_t even = bits % 2 ? next : bits;
    expected.insert(expected.end(), {even, bits, next, static_cast<uint16_t>(even | 0x8000)});
  }
  expect(converted<float, uint16_t>(subject, x, DType::f32, dtype) == expected,
         "convert: f32 to a 16-bit float rounds to nearest even");
}

void check_integers(const Subject& subject) {
  const Floats x = {0.9f, -0.9f, 1.5f,     -127.9f,   127.5f, 300,
                    -300, NAN,   INFINITY, -INFINITY, 3e9f,   -3e9f};
  expect(converted<float, int8_t>(subject, x, DType::f32, DType::i8) ==
             std::vector<int8_t>{0, 0, 1, -127, 127, 127, -128, 0, 127, -128, 127, -128},
         "convert: f32 to i8");
  expect(converted<float, int32_t>(subject, x, DType::f32, DType::i32) ==
             std::vector<int32_t>{0, 0, 1, -127, 127, 300, -300, 0, INT32_MAX, INT32_MIN, INT32_MAX,
                                  INT32_MIN},
         "convert: f32 to i32");
  const std::vector<int32_t> whole = {0, -5, 100000, 16777217, 16777219, INT32_MIN, 0x01010001};
  expect(converted<int32_t, float>(subject, whole, DType::i32, DType::f32) ==
             Floats{0, -5, 100000, 16777216, 16777220, -2147483648.0f, 16842752},
         "convert: i32 to f32");
  // 0x01010001 is slightly above half way between two bf16 values. Converted to f32 first, it would
  // be rounded down.
  expect(converted<int32_t, uint16_t>(subject, whole, DType::i32, DType::bf16).back() == 0x4b81,
         "convert: i32 to bf16 rounds once");
  expect(converted<int32_t, int8_t>(subject, whole, DType::i32, DType::i8) ==
             std::vector<int8_t>{0, -5, 127, 127, 127, -128, 127},
         "convert: i32 to i8");
}

}  // namespace

void test_convert(const Subject& subject) {
  check_all_patterns(subject, DType::f16, 10);
  check_all_patterns(subject, DType::bf16, 7);
  check_rounding(subject, DType::f16, 10);
  check_rounding(subject, DType::bf16, 7);
  check_integers(subject);
  expect(converted<float, uint16_t>(subject, {65519.0f, 65520.0f, 1e9f, 1e-9f}, DType::f32,
                                    DType::f16) == std::vector<uint16_t>{0x7bff, 0x7c00, 0x7c00, 0},
         "convert: f16 overflows to infinity and vanishes to 0");
  expect(converted<float, uint16_t>(subject, {}, DType::f32, DType::f16).empty(),
         "convert of nothing");
}

}  // namespace test
