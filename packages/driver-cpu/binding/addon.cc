#include "binding/addon.h"

#include <memory>
#include <vector>

#include "binding/completions.h"
#include "binding/engine_object.h"
#include "binding/errors.h"
#include "runtime/cpu_features.h"
#include "runtime/kernels.h"
#include "runtime/op_table.h"

namespace ripvec {

namespace {

constexpr const char* kArch =
#if defined(__x86_64__) || defined(_M_X64)
    "x64";
#elif defined(__aarch64__) || defined(_M_ARM64)
    "arm64";
#else
    "other";
#endif

Napi::Value ops(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto list = Napi::Array::New(env);
  uint32_t code = 0;
  for (const OpEntry& op : op_table()) {
    auto entry = Napi::Object::New(env);
    entry.Set("name", op.name);
    entry.Set("tensors", Napi::Number::New(env, static_cast<double>(op.tensors)));
    entry.Set("numbers", Napi::Number::New(env, static_cast<double>(op.numbers)));
    list.Set(code++, entry);
  }
  return list;
}

Napi::Array strings(Napi::Env env, const std::vector<const char*>& from) {
  auto list = Napi::Array::New(env);
  for (const char* text : from) list.Set(list.Length(), text);
  return list;
}

Napi::Value cpu_info(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const CpuFeatures& has = cpu_features();
  std::vector<const char*> features;
  if (has.avx2) features.insert(features.end(), {"avx2", "fma", "f16c"});
  if (has.avx512) features.insert(features.end(), {"avx512f", "avx512bw", "avx512vl", "avx512dq"});
  if (has.avx2_vnni) features.push_back("avxvnni");
  if (has.avx512_vnni) features.push_back("avx512vnni");
  if (has.neon) features.push_back("neon");
  if (has.neon_dot) features.push_back("dotprod");
  std::vector<const char*> sets;
  for (const InstructionSet set : kInstructionSets) {
    if (supported(set)) sets.push_back(name_of(set));
  }
  auto facts = Napi::Object::New(env);
  facts.Set("name", cpu_name());
  facts.Set("arch", kArch);
  facts.Set("features", strings(env, features));
  facts.Set("instructionSets", strings(env, sets));
  facts.Set("best", name_of(best()));
  facts.Set("threads", Napi::Number::New(env, default_threads()));
  return facts;
}

/** What an environment keeps. The engines' objects share it, since their finalizers run in any
 * order. */
struct Instance {
  std::shared_ptr<Completions> completions;
};

Napi::Object init(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new Instance{.completions = std::make_shared<Completions>(env)});
  exports.Set("ops", Napi::Function::New<ops>(env, "ops"));
  exports.Set("cpuInfo", Napi::Function::New<cpu_info>(env, "cpuInfo"));
  exports.Set("Engine", EngineObject::define(env));
  return exports;
}

}  // namespace

std::shared_ptr<Completions> completions_of(Napi::Env env) {
  return env.GetInstanceData<Instance>()->completions;
}

}  // namespace ripvec

// NOLINTNEXTLINE: the macro wants a plain name.
static Napi::Object ripvec_init(Napi::Env env, Napi::Object exports) {
  return ripvec::init(env, exports);
}
NODE_API_MODULE(driver_cpu, ripvec_init)
