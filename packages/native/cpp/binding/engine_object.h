#pragma once

#include <napi.h>

#include <memory>

#include "engine/engine.h"

namespace ripvec {

class Completions;

/** The JavaScript class `Engine`. src/addon.ts has its types. */
class EngineObject : public Napi::ObjectWrap<EngineObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit EngineObject(const Napi::CallbackInfo& info);
  ~EngineObject() override;

 private:
  Napi::Value create_weight(const Napi::CallbackInfo& info);
  void release_weight(const Napi::CallbackInfo& info);
  Napi::Value begin(const Napi::CallbackInfo& info);
  void feed(const Napi::CallbackInfo& info);
  Napi::Value submit(const Napi::CallbackInfo& info);
  void abandon(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  Engine& open();
  /** Tells the garbage collector how many bytes this object holds outside the JavaScript heap. */
  void tell_memory(Napi::Env env);

  std::shared_ptr<Completions> completions_;
  std::shared_ptr<Engine> engine_;
  int64_t told_ = 0;
};

}  // namespace ripvec
