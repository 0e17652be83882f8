#include "runtime/finite.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

namespace ripvec {

namespace {

/** kExponent has the bits of the exponent. All of them are set if a value is not finite. */
template <class Word, Word kExponent>
struct Format {
  static Word word(const unsigned char* p) {
    Word bits;
    std::memcpy(&bits, p, sizeof bits);
    return bits;
  }

  /** This loop has a form that compilers vectorise. */
  static bool all_finite(const unsigned char* p, size_t n) {
    Word found = 0;
    for (size_t i = 0; i < n; i++) {
      found |= static_cast<Word>((word(p + i * sizeof(Word)) & kExponent) == kExponent);
    }
    return found == 0;
  }

  static size_t first(const unsigned char* p, size_t n) {
    constexpr size_t kBlock = 1024;
    for (size_t begin = 0; begin < n; begin += kBlock) {
      const size_t end = std::min(n, begin + kBlock);
      if (all_finite(p + begin * sizeof(Word), end - begin)) continue;
      for (size_t i = begin; i < end; i++) {
        if (!all_finite(p + i * sizeof(Word), 1)) return i;
      }
    }
    return n;
  }

  static const char* name(const unsigned char* p) {
    constexpr Word kSign = static_cast<Word>(Word{1} << (8 * sizeof(Word) - 1));
    const Word bits = word(p);
    if (bits & static_cast<Word>(~(kSign | kExponent))) return "NaN";
    return bits & kSign ? "-infinity" : "infinity";
  }
};

using F32 = Format<uint32_t, 0x7f800000>;
using F16 = Format<uint16_t, 0x7c00>;
using Bf16 = Format<uint16_t, 0x7f80>;

float too_large_for(DType storage) {
  if (storage == DType::f16) return kTooLargeForF16;
  return storage == DType::bf16 ? kTooLargeForBf16 : std::numeric_limits<float>::infinity();
}

/** Element i as f32. `dtype` is f32, or bf16, which is the upper half of an f32. */
float element_at(const void* elements, size_t i, DType dtype) {
  const auto* p = static_cast<const unsigned char*>(elements);
  uint32_t bits;
  if (dtype == DType::f32) {
    std::memcpy(&bits, p + i * sizeof bits, sizeof bits);
  } else {
    uint16_t half;
    std::memcpy(&half, p + i * sizeof half, sizeof half);
    bits = uint32_t{half} << 16;
  }
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace

size_t first_not_finite(const void* elements, size_t n, DType dtype) noexcept {
  const auto* p = static_cast<const unsigned char*>(elements);
  if (dtype == DType::f16) return F16::first(p, n);
  if (dtype == DType::bf16) return Bf16::first(p, n);
  return F32::first(p, n);
}

const char* name_of_not_finite(const void* element, DType dtype) {
  const auto* p = static_cast<const unsigned char*>(element);
  if (dtype == DType::f16) return F16::name(p);
  if (dtype == DType::bf16) return Bf16::name(p);
  return F32::name(p);
}

std::string text_of(float value) {
  if (!std::isfinite(value)) return name_of_not_finite(&value, DType::f32);
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.9g", static_cast<double>(value));
  return digits;
}

size_t first_misfit(const void* elements, size_t n, DType dtype, DType storage) noexcept {
  const size_t finite = first_not_finite(elements, n, dtype);
  const float limit = too_large_for(storage);
  // No f16 is too large for another dtype.
  if (dtype == DType::f16 || std::isinf(limit)) return finite;
  for (size_t i = 0; i < finite; i++) {
    if (std::fabs(element_at(elements, i, dtype)) >= limit) return i;
  }
  return finite;
}

Error misfit_error(const std::string& place, const void* element, DType dtype, DType storage) {
  if (first_not_finite(element, 1, dtype) == 0) {
    return model_file_error(place + " is " + name_of_not_finite(element, dtype) +
                            "; weights must be finite");
  }
  return model_file_error(place + " is " + text_of(element_at(element, 0, dtype)) +
                          (storage == DType::f16 ? ", beyond 65504, the largest of f16"
                                                 : ", beyond the largest of bf16"));
}

}  // namespace ripvec
