// Profiles a pass: runs the kernels of twelve layers with the shapes of BGE-small in the order of a
// pass. Each layer has its own weights. For every kernel, the output has its share of the time and
// the percentage of the multiply-add peak that it reaches.
//
//   npx pnpm@10 bench:native layers [texts tokens [dtype]], default: 1 16, 1 128, 32 128, 32 512
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "engine/memory.h"
#include "native-bench/bench.h"
#include "runtime/cpu_features.h"
#include "runtime/kernels.h"
#include "runtime/slabs.h"
#include "runtime/thread_pool.h"

namespace bench {
namespace {

using namespace ripvec;

constexpr int64_t kLayers = 12, kHidden = 384, kHeads = 12, kInner = 1536;
constexpr double kSeconds = 3;

struct PackedMatrix {
  int64_t n, k;
  Memory packed;
};

struct Layer {
  PackedMatrix qkv, attended, wide, narrow;
};

/** The sums of seconds and floating-point operations by kernel, in the order of the first runs. */
class Profile {
 public:
  void add(const std::string& kernel, double seconds, double flops) {
    if (!rows_.contains(kernel)) order_.push_back(kernel);
    rows_[kernel].seconds += seconds;
    rows_[kernel].flops += flops;
  }
  void print(double peak) const {
    double total = 0;
    for (const auto& [name, row] : rows_) total += row.seconds;
    for (const std::string& name : order_) {
      const Row& row = rows_.at(name);
      std::printf("  %-34s %5.1f %% of the time", name.c_str(), 100 * row.seconds / total);
      if (row.flops > 0)
        std::printf(" %6.1f %% of the peak", row.flops / row.seconds / peak * 1e-7);
      std::printf("\n");
    }
  }

 private:
  struct Row {
    double seconds = 0, flops = 0;
  };
  std::map<std::string, Row> rows_;
  std::vector<std::string> order_;
};

class Encoder {
 public:
  Encoder(const KernelTable& kernels, ThreadPool& pool, DType storage, int64_t texts,
          int64_t tokens)
      : kernels_(kernels), pool_(pool), storage_(storage), texts_(texts), tokens_(tokens) {
    for (int64_t i = 0; i < kLayers; i++) {
      layers_.push_back({.qkv = matrix(3 * kHidden, kHidden),
                         .attended = matrix(kHidden, kHidden),
                         .wide = matrix(kInner, kHidden),
                         .narrow = matrix(kHidden, kInner)});
    }
    for (int64_t b = 0; b <= texts; b++) cu_seqlens_.push_back(static_cast<int32_t>(b * tokens));
  }

  void pass(Profile& profile) {
    for (const Layer& layer : layers_) {
      const auto& [qkv, attended, wide, narrow] = layer;
      linear("linear 384 -> 1152", profile, qkv, x_, qkv_, GeluForm::none, attended);
      attention(profile);
      linear("linear 384 -> 384", profile, attended, context_, projected_, GeluForm::none, wide);
      norm(profile);
      linear("linear 384 -> 1536, gelu", profile, wide, x_, inner_, GeluForm::erf, narrow);
      const Layer& next = &layer == &layers_.back() ? layers_.front() : *(&layer + 1);
      linear("linear 1536 -> 384", profile, narrow, inner_, projected_, GeluForm::none, next.qkv);
      norm(profile);
    }
  }

 private:
  int64_t rows() const { return texts_ * tokens_; }

  PackedMatrix matrix(int64_t n, int64_t k) {
    const Floats source(n * k);
    PackedMatrix result = {.n = n, .k = k, .packed = {}};
    result.packed = slabs_.take(static_cast<size_t>(packed_bytes(kernels_, storage_, n, k)));
    pack(kernels_, pool_,
         {.src = source.data,
          .dtype = DType::f32,
          .storage = storage_,
          .dst = result.packed.data(),
          .n = n,
          .k = k});
    return result;
  }

  void linear(const char* name, Profile& profile, const PackedMatrix& weight, const Floats& x,
              Floats& out, GeluForm activation, const PackedMatrix& next) {
    const double start = now();
    kernels_.linear(pool_,
                    {.x = x.data,
                     .weight = {.packed = {.data = weight.packed.data(),
                                           .storage = storage_,
                                           .i8 = storage_ == DType::i8 ? kernels_.i8 : nullptr,
                                           .next = {next.packed.data(), next.packed.size()}}},
                     .bias = vector_.data,
                     .out = out.data,
                     .rows = rows(),
                     .inputs = weight.k,
                     .outputs = weight.n,
                     .activation = activation});
    profile.add(name, now() - start, 2.0 * static_cast<double>(rows() * weight.n * weight.k));
  }

  void attention(Profile& profile) {
    const double start = now();
    const int64_t dim = kHidden / kHeads;
    kernels_.attention(
        pool_,
        {.qkv = qkv_.data,
         .rope_cos = nullptr,
         .rope_sin = nullptr,
         .position_ids = nullptr,
         .out = context_.data,
         .sequences = {.cu_seqlens = cu_seqlens_.data(), .batch = texts_, .max_seq_len = tokens_},
         .heads = kHeads,
         .head_dim = dim,
         .scale = 0.1767767f,
         .window = -1,
         .causal = false,
         .distances = 0});
    profile.add("attention", now() - start, 4.0 * static_cast<double>(rows() * tokens_ * kHidden));
  }

  void norm(Profile& profile) {
    const double start = now();
    kernels_.fused_residual_layer_norm(pool_, {.x = projected_.data,
                                               .residual = x_.data,
                                               .weight = vector_.data,
                                               .bias = vector_.data,
                                               .sum = nullptr,
                                               .out = x_.data,
                                               .rows = rows(),
                                               .cols = kHidden,
                                               .eps = 1e-12f});
    profile.add("fused_residual_layer_norm", now() - start, 0);
  }

  const KernelTable& kernels_;
  ThreadPool& pool_;
  DType storage_;
  int64_t texts_, tokens_;
  Slabs slabs_;
  std::vector<Layer> layers_;
  std::vector<int32_t> cu_seqlens_;
  Floats vector_{kInner};
  Floats x_{rows() * kHidden}, qkv_{rows() * 3 * kHidden}, context_{rows() * kHidden},
      projected_{rows() * kHidden}, inner_{rows() * kInner};
};

void profile(InstructionSet set, DType storage, int64_t texts, int64_t tokens) {
  ThreadPool pool(default_threads());
  Encoder encoder(*kernel_table(set), pool, storage, texts, tokens);
  Profile warmup, profile;
  encoder.pass(warmup);
  const double start = now();
  int passes = 0;
  for (; passes < 3 || now() - start < kSeconds; passes++) encoder.pass(profile);
  const double milliseconds = (now() - start) / passes * 1e3;
  std::printf("%d x %d tokens, %s: %.2f ms\n", static_cast<int>(texts), static_cast<int>(tokens),
              name_of(set), milliseconds);
  profile.print(peak_of(set) * pool.threads());
}

DType dtype_of(const char* name) {
  if (!std::strcmp(name, "f16")) return DType::f16;
  if (!std::strcmp(name, "bf16")) return DType::bf16;
  if (!std::strcmp(name, "i8")) return DType::i8;
  return DType::f32;
}

}  // namespace
}  // namespace bench

int main(int count, char** arguments) {
  using namespace bench;
  const ripvec::InstructionSet set = chosen_set();
  if (count > 2) {
    const auto storage = dtype_of(count > 3 ? arguments[3] : "f32");
    profile(set, storage, std::atoll(arguments[1]), std::atoll(arguments[2]));
    return 0;
  }
  profile(set, ripvec::DType::f32, 1, 16);
  profile(set, ripvec::DType::f32, 1, 128);
  profile(set, ripvec::DType::f32, 32, 128);
  profile(set, ripvec::DType::f32, 32, 512);
}
