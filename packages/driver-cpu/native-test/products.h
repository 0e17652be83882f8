// Helpers that the tests of products share: shapes, activation functions in f64, narrow weights and
// packed weights.
#pragma once

#include <algorithm>
#include <numbers>

#include "native-test/check.h"

namespace test {

using namespace ripvec;

struct Shape {
  int64_t m, n, k;
};

inline double gelu(double x, GeluForm form) {
  if (form == GeluForm::erf) return x / 2 * std::erfc(-x / std::sqrt(2.0));
  if (form == GeluForm::tanh) {
    return x / 2 * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
  }
  return x;
}

inline std::string name(const char* op, Shape s) {
  return std::string(op) + " " + std::to_string(s.m) + "x" + std::to_string(s.n) + "x" +
         std::to_string(s.k);
}

/** A matrix in panels of `storage`, as the kernels under test pack it. */
struct Packed {
  std::vector<unsigned char> memory;
  Panels panels;
  /** Whether `storage` holds all its values. */
  bool fits = true;

  Packed(const Subject& subject, const void* src, DType dtype, DType storage, int64_t n, int64_t k,
         const float* scales = nullptr) {
    const KernelTable& kernels = subject.kernels;
    memory.resize(at(packed_bytes(kernels, storage, n, k) + 64));
    const auto address = reinterpret_cast<uintptr_t>(memory.data());
    unsigned char* data = memory.data() + (64 - address % 64) % 64;
    panels = {.data = data, .storage = storage, .i8 = storage == DType::i8 ? kernels.i8 : nullptr};
    const PackMatrix args = {.src = src,
                             .dtype = dtype,
                             .storage = storage,
                             .dst = data,
                             .n = n,
                             .k = k,
                             .scales = scales};
    fits = pack(kernels, *subject.pools.back(), args);
  }
  Packed(const Packed&) = delete;
};

/**
 * Returns `values` in `dtype`, from the second byte on, and replaces `values` by the narrowed
 * values.
 */
inline std::vector<unsigned char> narrowed(const Subject& subject, Floats& values, DType dtype) {
  std::vector<unsigned char> bytes(values.size() * 4 + 1);
  const auto size = static_cast<int64_t>(values.size());
  const auto convert = [&](const void* x, DType from, void* out, DType to) {
    subject.kernels.convert(*subject.pools.front(),
                            {.x = x, .out = out, .x_dtype = from, .out_dtype = to, .size = size});
  };
  convert(values.data(), DType::f32, bytes.data() + 1, dtype);
  convert(bytes.data() + 1, dtype, values.data(), DType::f32);
  return bytes;
}

inline Run run_linear(const Subject& subject, Shape s, const float* x, const float* weight,
                      Panels packed, const float* bias, GeluForm act) {
  return [=, &subject](ThreadPool& pool, float* out) {
    subject.kernels.linear(pool,
                           {.x = x,
                            .weight = {.plain = packed.data ? nullptr : weight, .packed = packed},
                            .bias = bias,
                            .out = out,
                            .rows = s.m,
                            .inputs = s.k,
                            .outputs = s.n,
                            .activation = act});
  };
}

}  // namespace test
