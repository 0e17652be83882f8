// The parts of the binding that only the CPU driver has.
#include <memory>
#include <string>
#include <vector>

#include "binding/driver.h"
#include "engine/error.h"
#include "ops/generated/kernel_list.h"
#include "runtime/cpu_device.h"
#include "runtime/cpu_features.h"
#include "runtime/kernels.h"

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

#define RIPVEC_OP(name, Params) Op::name,
constexpr Op kKernels[] = {RIPVEC_KERNELS(RIPVEC_OP)};
#undef RIPVEC_OP

InstructionSet instruction_set_of(const std::string& name) {
  for (const InstructionSet set : kInstructionSets) {
    if (name == name_of(set)) return set;
  }
  throw device_error("unknown instruction set " + name);
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

}  // namespace

std::span<const Op> driver_kernels() { return kKernels; }

std::unique_ptr<Device> make_device(const Napi::Object& options, Napi::Object facts) {
  const int threads = options.Get("threads").As<Napi::Number>().Int32Value();
  const std::string name = options.Get("instructionSet").As<Napi::String>().Utf8Value();
  auto device = std::make_unique<CpuDevice>(threads, instruction_set_of(name));
  facts.Set("threads", Napi::Number::New(facts.Env(), device->threads()));
  facts.Set("instructionSet", name);
  return device;
}

void add_exports(Napi::Env env, Napi::Object exports) {
  exports.Set("cpuInfo", Napi::Function::New<cpu_info>(env, "cpuInfo"));
}

}  // namespace ripvec
