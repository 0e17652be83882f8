// Speed of the products and of attention in BGE-small's geometry next to the peak of register-only
// multiply-adds, in one run: what counts is the ratio.
//
//   bench [milliseconds a measurement, default 300]
//
// Each line gives wall time, GFLOP/s and percent of the peak of f32, which products of bytes can
// pass. With one thread the same follows from
// processor time, which a busy machine disturbs less; with several, run it on an idle machine.
//
// RIPVEC_CPU_ISA picks the instruction set. Weights of the small products rotate through as many
// copies as twelve layers have, so that M = 16 pays for streaming them. Built like
// native-test/main.cc.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <vector>

#include "runtime/cpu_features.h"
#include "runtime/kernels.h"
#include "runtime/thread_pool.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

using namespace ripvec;

namespace {

double milliseconds = 300;
const KernelTable* kernels;
InstructionSet set;

double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

/** Seconds of a call. */
struct Times {
  double wall, processor;
};

double processor_time() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/** The fastest call: on a shared machine the others measure the neighbours. */
Times time_of(const std::function<void()>& body) {
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

/** GFLOP/s of one thread in processor time. */
double peak() {
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
  const double seconds = time_of([&] { sink = chains(); }).processor;
  return 2.0 * kSteps * kChains * lanes / seconds * 1e-9;
}

/** Aligned memory of small random numbers. */
struct Floats {
  float* data;
  explicit Floats(int64_t n) {
    const size_t bytes = (static_cast<size_t>(n) * sizeof(float) + 63) / 64 * 64;
    data = static_cast<float*>(std::aligned_alloc(64, bytes));
    uint32_t state = 1;
    for (int64_t i = 0; i < n; i++) {
      state = state * 1664525u + 1013904223u;
      data[i] = static_cast<float>(static_cast<int32_t>(state)) * 0x1p-34f;
    }
  }
  ~Floats() { std::free(data); }
  Floats(const Floats&) = delete;
};

/** `limit`: GFLOP/s of one thread. */
void report(const char* what, double flops, Times times, int threads, double limit) {
  const double wall = flops / times.wall * 1e-9, processor = flops / times.processor * 1e-9;
  std::printf("  %-34s %9.3f ms %8.1f GFLOP/s %5.1f %%", what, times.wall * 1e3, wall,
              100 * wall / (limit * threads));
  if (threads == 1) std::printf("  processor %7.1f %5.1f %%", processor, 100 * processor / limit);
  std::printf("\n");
}

constexpr const char* dtype_names[] = {"f32", "f16", "bf16", "i8"};

struct Product {
  int64_t m, k, n;
  Activation act;
};

void bench_linear(ThreadPool& pool, DType storage, Product p, double limit) {
  const auto [m, k, n, act] = p;
  const int copies = m <= 128 ? 12 : 1;
  // A multiple of 64 bytes, so that every copy is aligned.
  const int64_t floats = (packed_bytes(*kernels, storage, n, k) + 63) / 64 * 16;
  Floats x(m * k), weight(n * k), packed(floats * copies), bias(n), out(m * n);
  for (int c = 0; c < copies; c++) {
    pack(*kernels, pool,
         {.src = weight.data,
          .dtype = DType::f32,
          .storage = storage,
          .dst = packed.data + floats * c,
          .n = n,
          .k = k});
  }
  int copy = 0;
  const Times times = time_of([&] {
    const float* panels = packed.data + floats * (copy++ % copies);
    linear(*kernels, pool,
           {.x = x.data,
            .weight = nullptr,
            .weight_packed = {.data = panels, .storage = storage},
            .bias = bias.data,
            .activation = act,
            .out = out.data,
            .rows = m,
            .inputs = k,
            .outputs = n});
  });
  char what[64];
  std::snprintf(what, sizeof what, "linear %s M=%d %d->%d%s",
                dtype_names[static_cast<int>(storage)], static_cast<int>(m), static_cast<int>(k),
                static_cast<int>(n), act == Activation::none ? "" : " gelu");
  report(what, 2.0 * static_cast<double>(m * n * k), times, pool.threads(), limit);
}

void bench_attention(ThreadPool& pool, int batch, int length, double limit) {
  const int64_t heads = 12, dim = 32, total = int64_t{batch} * length;
  Floats qkv(total * 3 * heads * dim), out(total * heads * dim);
  std::vector<int32_t> cu(static_cast<size_t>(batch) + 1);
  for (size_t b = 0; b < cu.size(); b++) cu[b] = static_cast<int32_t>(b) * length;
  const Times times = time_of([&] {
    kernels->attention(
        pool, {.qkv = qkv.data,
               .sequences = {.cu_seqlens = cu.data(), .batch = batch, .max_seq_len = length},
               .out = out.data,
               .heads = heads,
               .head_dim = dim,
               .scale = 0.1767767f,
               .window = -1,
               .rope_cos = nullptr,
               .rope_sin = nullptr,
               .position_ids = nullptr});
  });
  char what[64];
  std::snprintf(what, sizeof what, "attention %d x %d, 12 heads of 32", batch, length);
  report(what, 4.0 * static_cast<double>(total * length * heads * dim), times, pool.threads(),
         limit);
}

void bench_norm(ThreadPool& pool, int64_t rows) {
  const int64_t cols = 384;
  Floats x(rows * cols), r(rows * cols), w(cols), b(cols), out(rows * cols);
  const Times times = time_of([&] {
    kernels->fused_residual_layer_norm(pool, {.x = x.data,
                                              .residual = r.data,
                                              .weight = w.data,
                                              .bias = b.data,
                                              .sum = nullptr,
                                              .out = out.data,
                                              .rows = rows,
                                              .cols = cols,
                                              .eps = 1e-12f});
  });
  std::printf("  fused_residual_layer_norm M=%-6d    %9.3f ms %8.1f GB/s\n", static_cast<int>(rows),
              times.wall * 1e3, static_cast<double>(rows * cols) * 12 / times.wall * 1e-9);
}

void bench(int threads) {
  ThreadPool pool(threads);
  const double limit = peak();
  std::printf("%s, %d thread%s: register-only peak %.1f GFLOP/s a thread\n", name_of(set), threads,
              threads == 1 ? "" : "s", limit);
  for (const DType storage : {DType::f32, DType::f16, DType::bf16, DType::i8}) {
    for (const int64_t m : {16, 128, 4096}) {
      bench_linear(pool, storage, {m, 384, 1152, Activation::none}, limit);
      bench_linear(pool, storage, {m, 384, 384, Activation::none}, limit);
      bench_linear(pool, storage, {m, 384, 1536, Activation::gelu_erf}, limit);
      bench_linear(pool, storage, {m, 1536, 384, Activation::none}, limit);
    }
  }
  bench_attention(pool, 1, 16, limit);
  bench_attention(pool, 1, 128, limit);
  bench_attention(pool, 32, 128, limit);
  bench_attention(pool, 8, 512, limit);
  bench_norm(pool, 4096);
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) milliseconds = std::atof(arguments[1]);
  set = best();
  if (const char* name = std::getenv("RIPVEC_CPU_ISA")) {
    for (const InstructionSet each : kInstructionSets) {
      if (!std::strcmp(name, name_of(each))) set = each;
    }
  }
  if (!supported(set)) return std::fprintf(stderr, "%s cannot run here\n", name_of(set)), 1;
  kernels = kernel_table(set);
  std::printf("%s, %d threads by default\n", cpu_name(), default_threads());
  bench(1);
  if (default_threads() > 1) bench(default_threads());
}
