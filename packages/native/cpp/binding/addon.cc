#include "binding/addon.h"

#include <memory>

#include "binding/completions.h"
#include "binding/driver.h"
#include "binding/engine_object.h"
#include "binding/errors.h"
#include "generated/op_list.h"

namespace ripvec {

namespace {

/** `fill` and the ops with a kernel, each with its name, code and the layout of its commands. */
Napi::Value ops(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto list = Napi::Array::New(env);
  const auto add = [&](Op op) {
    const auto code = static_cast<size_t>(op);
    const auto number = [&](size_t value) {
      return Napi::Number::New(env, static_cast<double>(value));
    };
    auto entry = Napi::Object::New(env);
    entry.Set("name", kOps[code].name);
    entry.Set("code", number(code));
    entry.Set("tensors", number(kOps[code].tensors));
    entry.Set("numbers", number(kOps[code].numbers));
    entry.Set("signature", kOps[code].signature);
    list.Set(list.Length(), entry);
  };
  add(Op::fill);
  for (const Op op : driver_kernels()) add(op);
  return list;
}

/** The data of an environment. It shares `completions` with the Engine objects, because finalizers
 * run in any order. */
struct Instance {
  std::shared_ptr<Completions> completions;
};

Napi::Object init(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new Instance{.completions = std::make_shared<Completions>(env)});
  exports.Set("ops", Napi::Function::New<ops>(env, "ops"));
  exports.Set("Engine", EngineObject::define(env));
  add_exports(env, exports);
  return exports;
}

}  // namespace

std::shared_ptr<Completions> completions_of(Napi::Env env) {
  return env.GetInstanceData<Instance>()->completions;
}

}  // namespace ripvec

// NOLINTNEXTLINE: the macro requires an unqualified name.
static Napi::Object ripvec_init(Napi::Env env, Napi::Object exports) {
  return ripvec::init(env, exports);
}
NODE_API_MODULE(NODE_GYP_MODULE_NAME, ripvec_init)
