#include "native-test/products.h"

namespace test {
namespace {

using namespace ripvec;

Doubles product(const float* a, const float* b, bool transpose_b, Shape s) {
  Doubles out(at(s.m * s.n));
  for (int64_t i = 0; i < s.m; i++) {
    for (int64_t j = 0; j < s.n; j++) {
      double sum = 0;
      for (int64_t l = 0; l < s.k; l++) {
        sum += static_cast<double>(a[i * s.k + l]) *
               static_cast<double>(transpose_b ? b[j * s.k + l] : b[l * s.n + j]);
      }
      out[at(i * s.n + j)] = sum;
    }
  }
  return out;
}

/**
 * A step of the chain is rounded by half an ulp of its partial sum, which after i steps is about
 * √i / 3. Together that is 8e-9 · k on average. Six times that covers the largest of thousands of
 * sums.
 */
Tolerance tolerance(int64_t k) { return {5e-8 * static_cast<double>(k) + 4e-7, 1e-6}; }

Doubles with_bias(Doubles out, const Floats& bias) {
  for (size_t i = 0; i < out.size(); i++) out[i] += static_cast<double>(bias[i % bias.size()]);
  return out;
}

void check_linear(const Subject& subject, Shape s, uint32_t seed) {
  Random random(seed);
  const Floats x = random.numbers(s.m * s.k), w = random.numbers(s.n * s.k);
  const Floats bias = random.numbers(s.n);
  const Packed packed(subject, w.data(), DType::f32, DType::f32, s.n, s.k);
  for (const GeluForm act : {GeluForm::none, GeluForm::erf, GeluForm::tanh}) {
    Doubles expected = product(x.data(), w.data(), true, s);
    for (size_t i = 0; i < expected.size(); i++) {
      expected[i] = gelu(expected[i] + static_cast<double>(bias[i % at(s.n)]), act);
    }
    const std::string what = name("linear", s);
    const Floats all =
        check(subject, what, expected, tolerance(s.k),
              run_linear(subject, s, x.data(), w.data(), packed.panels, bias.data(), act));
    const Floats loose = check(subject, what + " unpacked", expected, tolerance(s.k),
                               run_linear(subject, s, x.data(), w.data(), {}, bias.data(), act));
    expect(same_bits(all, loose), what + ": packing changes bits");
    for (const int64_t row : {int64_t{0}, s.m / 2, s.m - 1}) {
      if (row < 0 || row >= s.m) continue;
      Floats alone(at(s.n));
      run_linear(subject, {1, s.n, s.k}, x.data() + row * s.k, w.data(), packed.panels, bias.data(),
                 act)(*subject.pools.front(), alone.data());
      const Floats inside(all.begin() + row * s.n, all.begin() + (row + 1) * s.n);
      expect(same_bits(alone, inside), what + ": a row depends on the others");
    }
  }
}

void check_gemm(const Subject& subject, Shape s, bool transpose_b) {
  Random random(7);
  const Floats a = random.numbers(s.m * s.k), b = random.numbers(s.n * s.k);
  check(subject, name(transpose_b ? "gemm transposed" : "gemm", s),
        product(a.data(), b.data(), transpose_b, s), tolerance(s.k),
        [&](ThreadPool& pool, float* out) {
          subject.kernels.gemm(pool, {.a = a.data(),
                                      .b = {.plain = b.data()},
                                      .out = out,
                                      .m = s.m,
                                      .n = s.n,
                                      .k = s.k,
                                      .transpose_b = transpose_b});
        });
}

void check_batched(const Subject& subject, int64_t batch, Shape s, bool transpose_b,
                   int64_t shared_b) {
  Random random(9);
  const int64_t stride_a = s.m * s.k + 3, stride_b = shared_b ? 0 : s.n * s.k + 5;
  const int64_t stride_out = s.m * s.n;
  const Floats a = random.numbers(batch * stride_a), b = random.numbers(batch * (s.n * s.k + 5));
  Doubles expected;
  for (int64_t g = 0; g < batch; g++) {
    const Doubles one = product(a.data() + g * stride_a, b.data() + g * stride_b, transpose_b, s);
    expected.insert(expected.end(), one.begin(), one.end());
  }
  check(subject, name("gemm_batched", s) + " x" + std::to_string(batch), expected, tolerance(s.k),
        [&](ThreadPool& pool, float* out) {
          subject.kernels.gemm_batched(pool, {.a = a.data(),
                                              .b = b.data(),
                                              .out = out,
                                              .batch = batch,
                                              .m = s.m,
                                              .n = s.n,
                                              .k = s.k,
                                              .stride_a = stride_a,
                                              .stride_b = stride_b,
                                              .stride_out = stride_out,
                                              .transpose_b = transpose_b});
        });
}

/**
 * Products with sources and panels of 16 bits must have the bits of products in f32 with the same
 * values.
 */
void check_half_weights(const Subject& subject, Shape s) {
  Random random(11);
  const Floats x = random.numbers(s.m * s.k), bias = random.numbers(s.n);
  for (const DType source : {DType::f32, DType::f16, DType::bf16}) {
    for (const DType storage : {DType::f32, DType::f16, DType::bf16}) {
      Floats w = random.numbers(s.n * s.k);
      const std::vector<unsigned char> bytes = narrowed(subject, w, source);
      narrowed(subject, w, storage);
      const auto out_of = [&](const void* from, DType dtype, DType kept) {
        const Packed packed(subject, from, dtype, kept, s.n, s.k);
        expect(packed.fits, "16-bit weights fit");
        return check(
            subject, name("linear with 16-bit weights", s),
            with_bias(product(x.data(), w.data(), true, s), bias), tolerance(s.k),
            run_linear(subject, s, x.data(), nullptr, packed.panels, bias.data(), GeluForm::none));
      };
      expect(same_bits(out_of(bytes.data() + 1, source, storage),
                       out_of(w.data(), DType::f32, DType::f32)),
             "16-bit weights have other bits than their values in f32");
    }
  }
}

/** A value that a storage cannot hold, or that is not finite, must be refused. */
void check_too_large(const Subject& subject) {
  const Shape s = {1, 35, 19};
  struct Case {
    DType storage;
    float value;
    bool fits;
  };
  for (const Case c : {Case{DType::f16, 65519.99f, true}, Case{DType::f16, -65520.0f, false},
                       Case{DType::bf16, 0x1.fep127f, true}, Case{DType::bf16, 0x1.ffp127f, false},
                       Case{DType::f32, 0x1.fffffep127f, true}, Case{DType::f16, NAN, false},
                       Case{DType::f16, INFINITY, false}, Case{DType::bf16, -INFINITY, false},
                       Case{DType::f32, NAN, false}, Case{DType::f32, -INFINITY, false}}) {
    for (const int64_t place : {int64_t{0}, s.n * s.k / 2, s.n * s.k - 1}) {
      Floats w(at(s.n * s.k), 1.0f);
      w[at(place)] = c.value;
      const Packed packed(subject, w.data(), DType::f32, c.storage, s.n, s.k);
      expect(packed.fits == c.fits, "whether " + std::to_string(c.value) + " fits");
    }
  }
}

void check_not_finite(const Subject& subject) {
  const Shape s = {3, 5, 7};
  Random random(13);
  Floats a = random.numbers(s.m * s.k);
  const Floats b = random.numbers(s.n * s.k);
  a[0] = NAN;
  a[at(s.k)] = INFINITY;
  check(subject, "gemm with NaN and infinity", product(a.data(), b.data(), true, s), tolerance(s.k),
        [&](ThreadPool& pool, float* out) {
          subject.kernels.gemm(pool, {.a = a.data(),
                                      .b = {.plain = b.data()},
                                      .out = out,
                                      .m = s.m,
                                      .n = s.n,
                                      .k = s.k,
                                      .transpose_b = true});
        });
}

}  // namespace

void test_linear(const Subject& subject) {
  uint32_t seed = 1;
  for (const Shape s :
       {Shape{1, 1, 1}, Shape{0, 5, 3}, Shape{3, 7, 0}, Shape{2, 3, 5}, Shape{13, 31, 17},
        Shape{14, 32, 64}, Shape{15, 33, 65}, Shape{16, 48, 384}, Shape{29, 97, 385},
        Shape{99, 64, 96}, Shape{197, 65, 31}, Shape{1, 384, 1536}, Shape{17, 130, 801}}) {
    check_linear(subject, s, seed++);
  }
  for (const bool transpose_b : {false, true}) {
    for (const Shape s : {Shape{1, 1, 1}, Shape{4, 0, 3}, Shape{5, 3, 0}, Shape{7, 9, 11},
                          Shape{33, 17, 400}, Shape{128, 129, 63}}) {
      check_gemm(subject, s, transpose_b);
    }
    for (const int64_t batch : {int64_t{0}, int64_t{1}, int64_t{3}, int64_t{40}}) {
      check_batched(subject, batch, {1, 1, 1}, transpose_b, 0);
      check_batched(subject, batch, {9, 33, 12}, transpose_b, 1);
      check_batched(subject, batch, {67, 5, 32}, transpose_b, 0);
      check_batched(subject, batch, {2, 3, 0}, transpose_b, 0);
    }
  }
  check_half_weights(subject, {5, 37, 43});
  check_half_weights(subject, {33, 96, 400});
  check_too_large(subject);
  check_not_finite(subject);
}

}  // namespace test
