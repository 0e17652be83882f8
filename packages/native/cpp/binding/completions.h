#pragma once

#include <napi.h>

#include <memory>
#include <mutex>
#include <vector>

#include "engine/engine.h"

namespace ripvec {

/** A submitted pass: its promise, and the engine, which lives at least until the promise is
 * settled. */
struct Submission {
  Napi::Promise::Deferred promise;
  std::shared_ptr<Engine> engine;
  std::shared_ptr<Pass> pass;
  /** In the list of those that could not be delivered. */
  std::unique_ptr<Submission> next;
};

/**
 * Brings finished passes of one environment (the main thread's or a worker's) back to its
 * JavaScript thread. It keeps the event loop alive while a pass runs, and only then. When the
 * environment ends, in mid-pass or not, it closes the engines, so that no thread of ours outlives
 * it.
 */
class Completions {
 public:
  explicit Completions(Napi::Env env);
  Completions(const Completions&) = delete;
  Completions& operator=(const Completions&) = delete;

  /** On the JavaScript thread: an engine to close when the environment ends. */
  void watch(const std::shared_ptr<Engine>& engine);
  /** On the JavaScript thread, in the turn in which the pass is queued. */
  void expect(Napi::Env env);
  /** On an engine's thread, which has nobody to tell of a failure: nothing here may throw. */
  void deliver(std::unique_ptr<Submission> submission) noexcept;

 private:
  static void settle(napi_env env, napi_value, void* self, void* submission);
  static void end(void* self);

  napi_threadsafe_function queue_ = nullptr;
  int expected_ = 0;
  std::vector<std::weak_ptr<Engine>> engines_;

  std::mutex mutex_;
  bool ended_ = false;
  /** Passes that finished after the end; freed by the JavaScript thread, as engines must be. */
  std::unique_ptr<Submission> undelivered_;
};

}  // namespace ripvec
