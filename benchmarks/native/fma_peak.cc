// Prints the rate of f32 multiply-adds from registers alone, in GFLOP/s: the ceiling of every f32
// kernel. usage: fma_peak <threads> <milliseconds>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

#if defined(__AVX512F__)
constexpr int kVectorBytes = 64;
#elif defined(__AVX__)
constexpr int kVectorBytes = 32;
#else
constexpr int kVectorBytes = 16;
#endif
using Vector __attribute__((vector_size(kVectorBytes))) = float;

// Two units times a latency of four or five cycles want 8-10 chains in flight; 12 fit 16 registers.
constexpr int kChains = 12;
constexpr int kSteps = 100000;
constexpr double kFlopsPerBlock = 2.0 * kChains * kSteps * (kVectorBytes / sizeof(float));

using Clock = std::chrono::steady_clock;

void block(Vector (&sums)[kChains], Vector scale, Vector shift) {
  for (int step = 0; step < kSteps; ++step) {
    for (int chain = 0; chain < kChains; ++chain) {
      sums[chain] = sums[chain] * scale + shift;
    }
  }
}

double gflops_of_one_thread(std::chrono::milliseconds duration) {
  Vector sums[kChains] = {};
  const Vector scale = Vector{} + 0.999f;
  const Vector shift = Vector{} + 1e-3f;
  long blocks = 0;
  const auto start = Clock::now();
  auto now = start;
  for (; now - start < duration; now = Clock::now(), ++blocks) {
    block(sums, scale, shift);
  }
  float kept = 0;
  for (const Vector& sum : sums) kept += sum[0];
  volatile float sink = kept;
  (void)sink;
  const double seconds = std::chrono::duration<double>(now - start).count();
  return kFlopsPerBlock * static_cast<double>(blocks) / seconds / 1e9;
}

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  const std::chrono::milliseconds duration(argc > 2 ? std::atoi(argv[2]) : 300);
  std::vector<double> rates(static_cast<size_t>(threads));
  std::vector<std::thread> workers;
  for (double& rate : rates) {
    workers.emplace_back([&rate, duration] { rate = gflops_of_one_thread(duration); });
  }
  double total = 0;
  for (size_t i = 0; i < rates.size(); ++i) {
    workers[i].join();
    total += rates[i];
  }
  std::printf("%.1f\n", total);
}
