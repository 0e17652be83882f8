#pragma once

#include <napi.h>

#include <memory>
#include <mutex>
#include <vector>

#include "engine/engine.h"

namespace ripvec {

/** A submitted pass with its promise, and its engine, which is kept alive until the promise is
 * settled. */
struct Submission {
  Napi::Promise::Deferred promise;
  std::shared_ptr<Engine> engine;
  std::shared_ptr<Pass> pass;
  /** The next entry in the list of submissions that could not be delivered. */
  std::unique_ptr<Submission> next;
};

/**
 * Returns the finished passes of one environment (the main thread's or a worker's) to its
 * JavaScript thread. It keeps the event loop alive only while a pass is in flight. When the
 * environment ends, even while a pass runs, it closes the engines, so that no thread of the addon
 * outlives the environment.
 */
class Completions {
 public:
  explicit Completions(Napi::Env env);
  Completions(const Completions&) = delete;
  Completions& operator=(const Completions&) = delete;

  /** Registers an engine to close when the environment ends. Runs on the JavaScript thread. */
  void watch(const std::shared_ptr<Engine>& engine);
  /** Counts a pass as in flight, on the JavaScript thread, in the turn that queues the pass. */
  void expect(Napi::Env env);
  /** Queues a finished pass for the JavaScript thread. Runs on an engine's or a device's thread,
   * where no caller could handle a failure. */
  void deliver(std::unique_ptr<Submission> submission) noexcept;

 private:
  static void settle(napi_env env, napi_value, void* self, void* submission);
  static void end(void* self);

  napi_threadsafe_function queue_ = nullptr;
  int expected_ = 0;
  std::vector<std::weak_ptr<Engine>> engines_;

  std::mutex mutex_;
  bool ended_ = false;
  /** Passes that finished after the environment had begun to end. The JavaScript thread frees them,
   * because it must free their engines. */
  std::unique_ptr<Submission> undelivered_;
};

}  // namespace ripvec
