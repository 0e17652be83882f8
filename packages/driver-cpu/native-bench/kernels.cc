// Measures the products and attention with the shapes of BGE-small, and the peak of register-only
// multiply-adds in the same run. The ratio of the two is the figure to compare.
//
//   npx pnpm@10 bench:native kernels [milliseconds a measurement, default 300]
//
// Each line shows wall time, GFLOP/s and the percentage of the f32 peak, which products of bytes
// can exceed. With one thread it also shows the figures by processor time, which depend less on the
// load of the machine. Measurements with several threads need an idle machine.
//
// RIPVEC_CPU_ISA selects the instruction set. The small products cycle through twelve copies of the
// weights, as many as a model of twelve layers has, so that M = 16 includes the time to stream the
// weights from memory.
#include "runtime/kernels.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "native-bench/bench.h"
#include "runtime/cpu_features.h"
#include "runtime/thread_pool.h"

namespace bench {
namespace {

using namespace ripvec;

double milliseconds = 300;
const KernelTable* kernels;
InstructionSet set;

/** `limit` is the peak of one thread in GFLOP/s. */
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
  GeluForm act;
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
  const Int8Kernels* i8 = storage == DType::i8 ? kernels->i8 : nullptr;
  int copy = 0;
  const Times times = time_of(milliseconds, [&] {
    const float* panels = packed.data + floats * (copy++ % copies);
    kernels->linear(pool, {.x = x.data,
                           .weight = {.packed = {.data = panels, .storage = storage, .i8 = i8}},
                           .bias = bias.data,
                           .out = out.data,
                           .rows = m,
                           .inputs = k,
                           .outputs = n,
                           .activation = act});
  });
  char what[64];
  std::snprintf(what, sizeof what, "linear %s M=%d %d->%d%s",
                dtype_names[static_cast<int>(storage)], static_cast<int>(m), static_cast<int>(k),
                static_cast<int>(n), act == GeluForm::none ? "" : " gelu");
  report(what, 2.0 * static_cast<double>(m * n * k), times, pool.threads(), limit);
}

void bench_attention(ThreadPool& pool, int batch, int length, double limit) {
  const int64_t heads = 12, dim = 32, total = int64_t{batch} * length;
  Floats qkv(total * 3 * heads * dim), out(total * heads * dim);
  std::vector<int32_t> cu(static_cast<size_t>(batch) + 1);
  for (size_t b = 0; b < cu.size(); b++) cu[b] = static_cast<int32_t>(b) * length;
  const Times times = time_of(milliseconds, [&] {
    kernels->attention(
        pool, {.qkv = qkv.data,
               .rope_cos = nullptr,
               .rope_sin = nullptr,
               .position_ids = nullptr,
               .out = out.data,
               .sequences = {.cu_seqlens = cu.data(), .batch = batch, .max_seq_len = length},
               .heads = heads,
               .head_dim = dim,
               .scale = 0.1767767f,
               .window = -1,
               .causal = false,
               .distances = 0});
  });
  char what[64];
  std::snprintf(what, sizeof what, "attention %d x %d, 12 heads of 32", batch, length);
  report(what, 4.0 * static_cast<double>(total * length * heads * dim), times, pool.threads(),
         limit);
}

void bench_norm(ThreadPool& pool, int64_t rows) {
  const int64_t cols = 384;
  Floats x(rows * cols), r(rows * cols), w(cols), b(cols), out(rows * cols);
  const Times times = time_of(milliseconds, [&] {
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

void run(int threads) {
  ThreadPool pool(threads);
  const double limit = peak_of(set);
  std::printf("%s, %d thread%s: register-only peak %.1f GFLOP/s a thread\n", name_of(set), threads,
              threads == 1 ? "" : "s", limit);
  for (const DType storage : {DType::f32, DType::f16, DType::bf16, DType::i8}) {
    for (const int64_t m : {16, 128, 4096}) {
      bench_linear(pool, storage, {m, 384, 1152, GeluForm::none}, limit);
      bench_linear(pool, storage, {m, 384, 384, GeluForm::none}, limit);
      bench_linear(pool, storage, {m, 384, 1536, GeluForm::erf}, limit);
      bench_linear(pool, storage, {m, 1536, 384, GeluForm::none}, limit);
    }
  }
  bench_attention(pool, 1, 16, limit);
  bench_attention(pool, 1, 128, limit);
  bench_attention(pool, 32, 128, limit);
  bench_attention(pool, 8, 512, limit);
  bench_norm(pool, 4096);
}

}  // namespace
}  // namespace bench

int main(int count, char** arguments) {
  using namespace bench;
  if (count > 1) milliseconds = std::atof(arguments[1]);
  set = chosen_set();
  kernels = kernel_table(set);
  std::printf("%s, %d threads by default\n", cpu_name(), default_threads());
  run(1);
  if (default_threads() > 1) run(default_threads());
}
