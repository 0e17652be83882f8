#include "binding/engine_object.h"

#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "binding/addon.h"
#include "binding/completions.h"
#include "binding/driver.h"
#include "binding/errors.h"
#include "engine/error.h"

namespace ripvec {

namespace {

Role role_of(const std::string& name) {
  if (name == "matrix") return Role::matrix;
  if (name == "table") return Role::table;
  if (name == "vector") return Role::vector;
  throw device_error("unknown role " + name);
}

DType dtype_of(const std::string& name) {
  for (const DType dtype : {DType::f32, DType::f16, DType::bf16, DType::i8}) {
    if (name == kDTypeNames[static_cast<size_t>(dtype)]) return dtype;
  }
  throw device_error("unknown dtype of a weight " + name);
}

std::string text(const Napi::Object& from, const char* key) {
  return from.Get(key).As<Napi::String>().Utf8Value();
}

int64_t whole(const Napi::Object& from, const char* key) {
  return from.Get(key).As<Napi::Number>().Int64Value();
}

WeightShape shape_of(const Napi::Object& weight) {
  return {.role = role_of(text(weight, "role")),
          .dtype = dtype_of(text(weight, "dtype")),
          .storage = dtype_of(text(weight, "storage")),
          .rows = whole(weight, "rows"),
          .cols = whole(weight, "cols"),
          .name = text(weight, "name")};
}

std::span<const std::byte> bytes_of(const Napi::Value& value) {
  const auto array = value.As<Napi::Uint8Array>();
  return {reinterpret_cast<const std::byte*>(array.Data()), array.ByteLength()};
}

std::optional<FileIdentity> identity_of(const Napi::Value& value) {
  if (!value.IsObject()) return std::nullopt;
  const auto from = value.As<Napi::Object>();
  bool lossless = true;
  return FileIdentity{
      .device = from.Get("device").As<Napi::BigInt>().Uint64Value(&lossless),
      .inode = from.Get("inode").As<Napi::BigInt>().Uint64Value(&lossless),
      .size = static_cast<uint64_t>(whole(from, "byteLength")),
      .modified_ns = from.Get("modifiedNs").As<Napi::BigInt>().Int64Value(&lossless)};
}

std::vector<Engine::FilePlace> places_of(const Napi::Array& files) {
  std::vector<Engine::FilePlace> places;
  for (uint32_t i = 0; i < files.Length(); i++) {
    const auto file = files.Get(i).As<Napi::Object>();
    places.push_back({.path = text(file, "path"),
                      .offset = static_cast<uint64_t>(whole(file, "byteOffset")),
                      .length = static_cast<uint64_t>(whole(file, "byteLength")),
                      .identity = identity_of(file.Get("identity"))});
  }
  return places;
}

PassPart part_of(const Napi::Object& from) {
  PassPart part;
  const auto commands = from.Get("commands").As<Napi::Float64Array>();
  part.commands.assign(commands.Data(), commands.Data() + commands.ElementLength());
  const auto inputs = bytes_of(from.Get("inputs"));
  part.inputs = Memory(inputs.size());
  if (!inputs.empty()) std::memcpy(part.inputs.data(), inputs.data(), inputs.size());
  part.arena_bytes = static_cast<size_t>(whole(from, "arenaBytes"));
  return part;
}

ResultPlace result_place_of(const Napi::Array& from) {
  const auto at = [&](uint32_t i) { return from.Get(i).As<Napi::Number>().Int64Value(); };
  return {.place = {.space = at(0), .offset = static_cast<size_t>(at(1))},
          .bytes = static_cast<size_t>(at(2))};
}

using PassHandle = std::shared_ptr<Pass>;

PassHandle pass_of(const Napi::Value& handle) {
  return *handle.As<Napi::External<PassHandle>>().Data();
}

}  // namespace

Napi::Function EngineObject::define(Napi::Env env) {
  using Self = EngineObject;
  return DefineClass(
      env, "Engine",
      {InstanceMethod<&Self::create_weight>("createWeight"),
       InstanceMethod<&Self::release_weight>("releaseWeight"),
       InstanceMethod<&Self::begin>("begin"), InstanceMethod<&Self::feed>("feed"),
       InstanceMethod<&Self::submit>("submit"), InstanceMethod<&Self::abandon>("abandon"),
       InstanceMethod<&Self::close>("close")});
}

EngineObject::EngineObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<EngineObject>(info), completions_(completions_of(info.Env())) {
  guarded(info.Env(), [&] {
    auto facts = info.This().As<Napi::Object>();
    engine_ = std::make_shared<Engine>(make_device(info[0].As<Napi::Object>(), facts));
    completions_->watch(engine_);
  });
}

EngineObject::~EngineObject() {
  engine_.reset();
  tell_memory(Env());
}

void EngineObject::tell_memory(Napi::Env env) {
  const MemoryUse use = engine_ ? engine_->memory_use() : MemoryUse{};
  const auto now = static_cast<int64_t>(use.weights + use.arena);
  if (now == told_) return;
  Napi::MemoryManagement::AdjustExternalMemory(env, now - told_);
  told_ = now;
}

Engine& EngineObject::open() {
  if (!engine_) throw device_error("the engine is closed");
  return *engine_;
}

Napi::Value EngineObject::create_weight(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const auto weight = info[0].As<Napi::Object>();
    const WeightShape shape = shape_of(weight);
    const Napi::Value files = weight.Get("files"), given = weight.Get("scales");
    const ScaleBytes scales = given.IsTypedArray() ? bytes_of(given) : ScaleBytes();
    const size_t number =
        files.IsArray() ? open().open_weight(shape, places_of(files.As<Napi::Array>()), scales)
                        : open().read_weight(shape, bytes_of(weight.Get("bytes")), scales);
    tell_memory(info.Env());
    return Napi::Number::New(info.Env(), static_cast<double>(number));
  });
}

void EngineObject::release_weight(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] {
    if (engine_) engine_->release_weight(info[0].As<Napi::Number>().Uint32Value());
  });
}

Napi::Value EngineObject::begin(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    // The handle is made first, because a pass that has begun without a handle could never be
    // ended, and later passes would wait for it.
    const auto handle = Napi::External<PassHandle>::New(
        info.Env(), new PassHandle(), [](Napi::Env, PassHandle* pass) { delete pass; });
    *handle.Data() = open().begin();
    return handle;
  });
}

void EngineObject::feed(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] { open().feed(*pass_of(info[0]), part_of(info[1].As<Napi::Object>())); });
}

Napi::Value EngineObject::submit(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Engine& engine = open();
    std::unique_ptr<Submission> made(
        new Submission{.promise = Napi::Promise::Deferred::New(info.Env()),
                       .engine = engine_,
                       .pass = nullptr,
                       .next = nullptr});
    const auto promise = made->promise.Promise();
    const auto submission = std::make_shared<std::unique_ptr<Submission>>(std::move(made));
    engine.submit(*pass_of(info[0]), part_of(info[1].As<Napi::Object>()),
                  result_place_of(info[2].As<Napi::Array>()),
                  [completions = completions_.get(), submission](PassHandle finished) {
                    (*submission)->pass = std::move(finished);
                    completions->deliver(std::move(*submission));
                  });
    completions_->expect(info.Env());
    tell_memory(info.Env());
    return promise;
  });
}

void EngineObject::abandon(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] {
    if (engine_) engine_->abandon(*pass_of(info[0]));
  });
}

void EngineObject::close(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] {
    if (engine_) engine_->close();
    engine_.reset();
    tell_memory(info.Env());
  });
}

}  // namespace ripvec
