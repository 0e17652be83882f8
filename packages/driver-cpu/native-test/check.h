// Helpers that the native tests share: seeded numbers, outputs between guards, and a function that
// runs a kernel and checks its output.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "runtime/kernels.h"
#include "runtime/thread_pool.h"

namespace test {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;

inline int failures = 0;
inline int checks = 0;

inline void fail(const std::string& what) {
  if (++failures <= 40) std::printf("FAIL %s\n", what.c_str());
}
inline void expect(bool holds, const std::string& what) {
  checks++;
  if (!holds) fail(what);
}

/** The kernels under test and pools of 1, 2, 3 and 4 threads. */
struct Subject {
  const ripvec::KernelTable& kernels;
  std::vector<ripvec::ThreadPool*> pools;
};

class Random {
 public:
  explicit Random(uint32_t seed) : state_(seed * 2654435761u + 1u) {}
  uint32_t next();
  /** A number from −size to size. */
  float number(float size = 1) { return size * (static_cast<float>(next()) * 0x1p-23f - 1.0f); }
  Floats numbers(int64_t n, float size = 1) {
    Floats x(static_cast<size_t>(n));
    for (float& value : x) value = number(size);
    return x;
  }
  int below(int limit) { return static_cast<int>(next() % static_cast<uint32_t>(limit)); }

 private:
  uint32_t state_;
};

/**
 * An output that is filled with NaN at first, between guards that show whether memory around it was
 * written.
 */
template <class T = float>
class Guarded {
 public:
  explicit Guarded(int64_t n)
      : size_(static_cast<size_t>(n)), bytes_(2 * kGuard + size_ * sizeof(T)) {
    std::memset(bytes_.data(), 0xff, bytes_.size());
    std::memset(bytes_.data(), 0x5a, kGuard);
    std::memset(bytes_.data() + kGuard + size_ * sizeof(T), 0x5a, kGuard);
  }
  T* data() { return reinterpret_cast<T*>(bytes_.data() + kGuard); }
  void set(const std::vector<T>& values) {
    if (size_ > 0) std::memcpy(data(), values.data(), size_ * sizeof(T));
  }
  std::vector<T> values() {
    std::vector<T> copy(size_);
    if (size_ > 0) std::memcpy(copy.data(), data(), size_ * sizeof(T));
    return copy;
  }
  bool intact() const {
    for (size_t i = 0; i < kGuard; i++) {
      if (bytes_[i] != 0x5a || bytes_[bytes_.size() - 1 - i] != 0x5a) return false;
    }
    return true;
  }

 private:
  static constexpr size_t kGuard = 128;
  size_t size_;
  std::vector<unsigned char> bytes_;
};

inline bool same_bits(const Floats& a, const Floats& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

/** |actual − expected| ≤ absolute + relative · |expected|; NaN and infinities must be the same. */
struct Tolerance {
  double absolute, relative;
};

inline void expect_close(const std::string& what, const Floats& actual, const Doubles& expected,
                         Tolerance tolerance) {
  checks++;
  for (size_t i = 0; i < expected.size(); i++) {
    const double a = static_cast<double>(actual[i]), e = expected[i];
    const bool finite = std::isfinite(e);
    const bool good =
        finite ? std::fabs(a - e) <= tolerance.absolute + tolerance.relative * std::fabs(e)
               : (std::isnan(e) ? std::isnan(a) : a == e);
    if (good) continue;
    char text[256];
    std::snprintf(text, sizeof text, "%s: [%zu] is %.9g, expected %.9g", what.c_str(), i, a, e);
    return fail(text);
  }
}

using Run = std::function<void(ripvec::ThreadPool&, float* out)>;

/**
 * Runs a kernel with every pool. The outputs must be close to `expected` and have the same bits
 * with every pool, and the guards must be intact.
 */
inline Floats check(const Subject& subject, const std::string& what, const Doubles& expected,
                    Tolerance tolerance, const Run& run, const Floats* before = nullptr) {
  Floats first;
  for (ripvec::ThreadPool* pool : subject.pools) {
    Guarded<> out(static_cast<int64_t>(expected.size()));
    if (before) out.set(*before);
    run(*pool, out.data());
    expect(out.intact(), what + ": wrote outside its output");
    const Floats values = out.values();
    if (pool == subject.pools.front()) {
      first = values;
      expect_close(what, values, expected, tolerance);
    } else {
      expect(same_bits(first, values), what + ": bits depend on the number of threads");
    }
  }
  return first;
}

/** The lengths of the sequences of a batch, as cu_seqlens and what follows from it. */
struct Lengths {
  std::vector<int32_t> cu{0};
  int64_t longest = 0;
  explicit Lengths(const std::vector<int>& lengths) {
    for (const int length : lengths) {
      cu.push_back(cu.back() + length);
      longest = length > longest ? length : longest;
    }
  }
  int64_t total() const { return cu.back(); }
  int64_t batch() const { return static_cast<int64_t>(cu.size()) - 1; }
  int64_t start(int64_t b) const { return cu[static_cast<size_t>(b)]; }
  int64_t length(int64_t b) const { return cu[static_cast<size_t>(b) + 1] - start(b); }
  ripvec::Sequences sequences() const {
    return {.cu_seqlens = cu.data(), .batch = batch(), .max_seq_len = longest};
  }
};

/** Formats dimensions for the names of checks, for example " 3x4". */
inline std::string times(int64_t a, int64_t b) {
  char text[64];
  std::snprintf(text, sizeof text, " %lldx%lld", static_cast<long long>(a),
                static_cast<long long>(b));
  return text;
}

inline size_t at(int64_t i) { return static_cast<size_t>(i); }

void test_linear(const Subject& subject);
void test_linear_i8(const Subject& subject);
void test_attention(const Subject& subject);
void test_softmax(const Subject& subject);
void test_pointwise(const Subject& subject);
void test_norm(const Subject& subject);
void test_layout(const Subject& subject);
void test_embedding(const Subject& subject);
void test_pooling(const Subject& subject);
void test_convert(const Subject& subject);
void test_packing(const Subject& subject);
void test_thread_pool();
void test_cgroup();
void test_memory();
void test_weights();
void test_engine();
void test_deferred_device();
void test_weight_file();
void test_finite();
void test_allocations();

}  // namespace test
