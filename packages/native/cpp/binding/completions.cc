#include "binding/completions.h"

#include <cstring>
#include <utility>

#include "binding/errors.h"

namespace ripvec {

namespace {

void check(Napi::Env env, napi_status status) {
  if (status != napi_ok) throw Napi::Error::New(env);
}

Napi::ArrayBuffer copy_out(Napi::Env env, const Memory& bytes) {
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, bytes.size());
  if (bytes.size() > 0) std::memcpy(buffer.Data(), bytes.data(), bytes.size());
  return buffer;
}

void answer(Napi::Env env, const Submission& submission) {
  const Pass& pass = *submission.pass;
  if (pass.failure) {
    submission.promise.Reject(to_js_error(env, pass.failure).Value());
    return;
  }
  try {
    submission.promise.Resolve(copy_out(env, pass.result));
  } catch (const Napi::Error& error) {
    submission.promise.Reject(error.Value());
  }
}

}  // namespace

Completions::Completions(Napi::Env env) {
  const auto name = Napi::String::New(env, "ripvec passes");
  check(env, napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr,
                                             this, settle, &queue_));
  check(env, napi_unref_threadsafe_function(env, queue_));
  // Hooks run in reverse order of registration, so this one runs while the queue still exists.
  check(env, napi_add_env_cleanup_hook(env, end, this));
}

void Completions::watch(const std::shared_ptr<Engine>& engine) {
  std::erase_if(engines_, [](const auto& known) { return known.expired(); });
  engines_.push_back(engine);
}

void Completions::expect(Napi::Env env) {
  if (expected_++ == 0) check(env, napi_ref_threadsafe_function(env, queue_));
}

void Completions::deliver(std::unique_ptr<Submission> submission) noexcept {
  const std::lock_guard lock(mutex_);
  if (!ended_) {
    const auto status =
        napi_call_threadsafe_function(queue_, submission.get(), napi_tsfn_nonblocking);
    if (status == napi_ok) {
      submission.release();
      return;
    }
  }
  submission->next = std::move(undelivered_);
  undelivered_ = std::move(submission);
}

void Completions::settle(napi_env raw_env, napi_value, void* self, void* data) {
  const std::unique_ptr<Submission> submission(static_cast<Submission*>(data));
  if (raw_env == nullptr) return;  // The environment is ending.
  auto& completions = *static_cast<Completions*>(self);
  const Napi::Env env(raw_env);
  const Napi::HandleScope scope(env);
  if (--completions.expected_ == 0) napi_unref_threadsafe_function(env, completions.queue_);
  try {
    answer(env, *submission);
  } catch (...) {
    // JavaScript is being stopped, for example by worker.terminate(), so no code waits for the
    // promise.
  }
}

void Completions::end(void* self) {
  auto& completions = *static_cast<Completions*>(self);
  {
    const std::lock_guard lock(completions.mutex_);
    completions.ended_ = true;
  }
  for (const auto& known : completions.engines_) {
    if (const auto engine = known.lock()) engine->close();
  }
  while (completions.undelivered_) {
    completions.undelivered_ = std::move(completions.undelivered_->next);
  }
}

}  // namespace ripvec
