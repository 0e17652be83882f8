#include "native-bench/bench.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace bench {

using namespace ripvec;

namespace {

double processor_time() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

constexpr int kSteps = 2000000;
constexpr int kChains = 12;

#if defined(__x86_64__)
__attribute__((target("avx512f"))) float chains_avx512() {
  __m512 sums[kChains];
  for (__m512& sum : sums) sum = _mm512_set1_ps(1);
  const __m512 a = _mm512_set1_ps(0.999f), b = _mm512_set1_ps(0.001f);
  for (int i = 0; i < kSteps; i++) {
    for (__m512& sum : sums) sum = _mm512_fmadd_ps(sum, a, b);
  }
  float lanes[16], total = 0;
  for (const __m512& sum : sums) {
    _mm512_storeu_ps(lanes, sum);
    total += lanes[0];
  }
  return total;
}
__attribute__((target("avx2,fma"))) float chains_avx2() {
  __m256 sums[kChains];
  for (__m256& sum : sums) sum = _mm256_set1_ps(1);
  const __m256 a = _mm256_set1_ps(0.999f), b = _mm256_set1_ps(0.001f);
  for (int i = 0; i < kSteps; i++) {
    for (__m256& sum : sums) sum = _mm256_fmadd_ps(sum, a, b);
  }
  float lanes[8], total = 0;
  for (const __m256& sum : sums) {
    _mm256_storeu_ps(lanes, sum);
    total += lanes[0];
  }
  return total;
}
#endif

float chains_portable() {
  float sums[kChains][4] = {};
  for (int i = 0; i < kSteps; i++) {
    for (auto& sum : sums) {
      for (float& lane : sum) lane = lane * 0.999f + 0.001f;
    }
  }
  float total = 0;
  for (auto& sum : sums) total += sum[0];
  return total;
}

#if defined(__aarch64__)
float chains_neon() {
  float32x4_t sums[kChains];
  for (float32x4_t& sum : sums) sum = vdupq_n_f32(1);
  const float32x4_t a = vdupq_n_f32(0.999f), b = vdupq_n_f32(0.001f);
  for (int i = 0; i < kSteps; i++) {
    for (float32x4_t& sum : sums) sum = vfmaq_f32(b, sum, a);
  }
  float total = 0;
  for (const float32x4_t& sum : sums) total += vaddvq_f32(sum);
  return total;
}
#endif

volatile float sink;

}  // namespace

double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

Times time_of(double milliseconds, const std::function<void()>& body) {
  body();
  Times fastest = {1e9, 1e9};
  const double end = now() + milliseconds / 1000;
  for (int calls = 0; calls < 5 || now() < end; calls++) {
    const double start = now(), used = processor_time();
    body();
    fastest.processor = std::min(fastest.processor, processor_time() - used);
    fastest.wall = std::min(fastest.wall, now() - start);
  }
  return fastest;
}

InstructionSet chosen_set() {
  InstructionSet set = best();
  if (const char* name = std::getenv("RIPVEC_CPU_ISA")) {
    for (const InstructionSet each : kInstructionSets) {
      if (!std::strcmp(name, name_of(each))) set = each;
    }
  }
  if (!supported(set)) {
    std::fprintf(stderr, "this build or CPU does not support %s\n", name_of(set));
    std::exit(1);
  }
  return set;
}

double peak_of(InstructionSet set) {
  float (*chains)() = chains_portable;
  int lanes = 4;
#if defined(__x86_64__)
  if (set == InstructionSet::avx512 || set == InstructionSet::avx512_vnni) {
    chains = chains_avx512, lanes = 16;
  }
  if (set == InstructionSet::avx2 || set == InstructionSet::avx2_vnni) {
    chains = chains_avx2, lanes = 8;
  }
#elif defined(__aarch64__)
  if (set == InstructionSet::neon || set == InstructionSet::neon_dot) chains = chains_neon;
#endif
  const double seconds = time_of(300, [&] { sink = chains(); }).processor;
  return 2.0 * kSteps * kChains * lanes / seconds * 1e-9;
}

Floats::Floats(int64_t n) {
  const size_t bytes = (static_cast<size_t>(n) * sizeof(float) + 63) / 64 * 64;
  data = static_cast<float*>(std::aligned_alloc(64, bytes));
  uint32_t state = 1;
  for (int64_t i = 0; i < n; i++) {
    state = state * 1664525u + 1013904223u;
    data[i] = static_cast<float>(static_cast<int32_t>(state)) * 0x1p-34f;
  }
}

Floats::~Floats() { std::free(data); }

}  // namespace bench
