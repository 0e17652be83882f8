#include "runtime/finite.h"

#include <cmath>
#include <cstring>
#include <limits>

#include "native-test/check.h"

namespace test {
namespace {

using namespace ripvec;

/** Checks every 16-bit pattern against its value. */
void check_halves(DType dtype) {
  const KernelTable& kernels = *kernel_table(InstructionSet::portable);
  ThreadPool pool(1);
  for (uint32_t bits = 0; bits < 65536; bits++) {
    const auto word = static_cast<uint16_t>(bits);
    float value;
    kernels.convert(
        pool, {.x = &word, .out = &value, .x_dtype = dtype, .out_dtype = DType::f32, .size = 1});
    expect((first_not_finite(&word, 1, dtype) == 1) == std::isfinite(value), "finite: a half");
    if (std::isfinite(value)) continue;
    const char* name = std::isnan(value) ? "NaN" : value < 0 ? "-infinity" : "infinity";
    expect(std::strcmp(name_of_not_finite(&word, dtype), name) == 0, "finite: name of a half");
  }
}

/**
 * Checks which value is found as the first that a dtype rounds to infinity, and the message about
 * it.
 */
void check_misfits() {
  const auto first = [](const Floats& values, DType storage) {
    return first_misfit(values.data(), values.size(), DType::f32, storage);
  };
  const Floats values = {1, 65519.9f, -65520, 3.38e38f, 3.4e38f, NAN};
  expect(first(values, DType::f16) == 2 && first(values, DType::bf16) == 4, "misfit: rounded");
  expect(first(values, DType::i8) == 5 && first(values, DType::f32) == 5, "misfit: NaN");
  const uint16_t bf16[] = {0x4700, 0x4780, 0x7f80};  // 32768, 65536, infinity
  expect(first_misfit(bf16, 3, DType::bf16, DType::f16) == 1, "misfit: bf16 as f16");
  expect(first_misfit(bf16, 3, DType::bf16, DType::bf16) == 2, "misfit: bf16");
  const Error error = misfit_error("row 1, column 2", &values[2], DType::f32, DType::f16);
  expect(
      std::strcmp(error.what(), "row 1, column 2 is -65520, beyond 65504, the largest of f16") == 0,
      "misfit: message");
}

}  // namespace

void test_finite() {
  check_misfits();
  check_halves(DType::f16);
  check_halves(DType::bf16);
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float odd : {std::nanf(""), -std::nanf(""), infinity, -infinity}) {
    for (const size_t place : {0, 1, 1023, 1024, 2999}) {
      Floats values = Random(1).numbers(3000, 3e38f);
      expect(first_not_finite(values.data(), 3000, DType::f32) == 3000, "finite: all");
      values[place] = odd;
      expect(first_not_finite(values.data(), 3000, DType::f32) == place, "finite: the first");
    }
  }
}

}  // namespace test
