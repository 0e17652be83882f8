#include "engine/engine.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <string>
#include <utility>

#include "engine/error.h"
#include "engine/program.h"

namespace ripvec {

namespace {

/** The time without work after which idle work starts. It is longer than the pause of a caller that
 * waits for one pass before it sends the next. */
constexpr std::chrono::milliseconds kPause{10};

}  // namespace

Engine::Engine(std::unique_ptr<Device> device)
    : device_(std::move(device)), thread_([this] { work(); }) {}

Engine::~Engine() { close(); }

size_t Engine::open_weight(const WeightShape& shape, const std::vector<FilePlace>& places,
                           ScaleBytes scales) {
  std::vector<FileRange> ranges;
  for (const auto& [path, offset, length, identity] : places) {
    ranges.push_back({.file = files_.open(path, identity), .offset = offset, .length = length});
  }
  return add(device_->open_weight(shape, std::move(ranges), scales));
}

size_t Engine::read_weight(const WeightShape& shape, std::span<const std::byte> bytes,
                           ScaleBytes scales) {
  return add(device_->read_weight(shape, bytes, scales));
}

size_t Engine::add(std::unique_ptr<DeviceWeight> weight) {
  const size_t number = next_weight_++;
  {
    const std::lock_guard lock(mutex_);
    new_weights_.emplace(number, std::move(weight));
  }
  enqueue([this] { take_weights(); });
  return number;
}

/** Also runs before each part of a pass, because the part may use weights that were made after the
 * pass had begun. Throws nothing, because a failure here would reach no caller. */
void Engine::take_weights() noexcept {
  std::unique_lock lock(mutex_);
  while (!new_weights_.empty()) {
    auto entry = new_weights_.extract(new_weights_.begin());
    lock.unlock();
    if (!closed_) device_->prepare_weight(*entry.mapped());
    weights_.put(std::move(entry));
    weight_bytes_ = weights_.memory_bytes();
    lock.lock();
  }
}

void Engine::release_weight(size_t number) {
  enqueue([this, number] {
    weights_.release(number);
    weight_bytes_ = weights_.memory_bytes();
  });
}

std::shared_ptr<Pass> Engine::begin() {
  auto pass = std::make_shared<Pass>();
  enqueue([this, pass] { run(pass); });
  return pass;
}

void Engine::feed(Pass& pass, PassPart part) {
  const std::lock_guard lock(mutex_);
  add_part(pass, std::move(part));
}

void Engine::submit(Pass& pass, PassPart part, ResultPlace result, Pass::Done done) {
  const std::lock_guard lock(mutex_);
  add_part(pass, std::move(part));
  pass.result_place = result;
  pass.done = std::move(done);
  pass.complete = true;
}

void Engine::abandon(Pass& pass) {
  const std::lock_guard lock(mutex_);
  pass.parts.clear();
  pass.complete = true;
  wake_.notify_one();
}

void Engine::add_part(Pass& pass, PassPart part) {
  if (closed_) throw device_error("the engine is closed");
  pass.parts.push_back(std::move(part));
  wake_.notify_one();
}

/** Waits for the next part. Returns nothing if the pass has no more parts. */
std::optional<PassPart> Engine::next_part(Pass& pass) {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [&] { return closed_ || pass.complete || !pass.parts.empty(); });
  if (pass.parts.empty()) return std::nullopt;
  PassPart part = std::move(pass.parts.front());
  pass.parts.pop_front();
  return part;
}

void Engine::run(const std::shared_ptr<Pass>& pass) {
  try {
    run_parts(pass);
  } catch (...) {
    pass->failure = std::current_exception();
    while (next_part(*pass)) {
    }
    if (pass->done) pass->done(pass);
  }
  has_run_ = true;
}

/** Throws only if `done` was not called and will not be called. */
void Engine::run_parts(const std::shared_ptr<Pass>& pass) {
  while (auto part = next_part(*pass)) run_part(*pass, std::move(*part));
  if (closed_) throw device_error("the engine is closed");
  if (!pass->result_place) return;
  device_->copy_out(*pass->result_place, [pass](Memory result, std::exception_ptr failure) {
    pass->result = std::move(result);
    pass->failure = std::move(failure);
    if (pass->done) pass->done(pass);
  });
}

void Engine::run_part(Pass& pass, PassPart part) {
  take_weights();
  if (!pass.has_begun) device_->begin_pass();
  grow_arena(part.arena_bytes, pass.has_begun);
  pass.has_begun = true;
  if (part.inputs.size() > 0) device_->copy_in(std::move(part.inputs));
  run_program(part.commands, *device_, weights_, closed_);
  device_->flush();
}

/** If `keep` is true, the arena keeps its contents, which later parts of the pass need. */
void Engine::grow_arena(size_t bytes, bool keep) {
  if (device_->arena_bytes() >= bytes) return;
  const auto tell = [this] { arena_bytes_ = device_->arena_bytes(); };
  try {
    device_->grow_arena(bytes, keep);
  } catch (const std::bad_alloc&) {
    tell();
    throw device_error("out of memory: a pass needs " + std::to_string(bytes) + " bytes");
  } catch (...) {
    tell();
    throw;
  }
  tell();
}

void Engine::enqueue(std::function<void()> job) {
  if (closed_) throw device_error("the engine is closed");
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void Engine::work() {
  run_jobs();
  // All queued work has run or failed, and a closed engine queues nothing.
  new_weights_.clear();
  weights_.clear();
  device_->close();
  weight_bytes_ = 0;
  arena_bytes_ = 0;
}

void Engine::run_jobs() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto has_work = [this] { return closed_ || !jobs_.empty(); };
    if (has_run_ && !wake_.wait_for(lock, kPause, has_work)) {
      while (!has_work() && idle(lock)) {
      }
    }
    wake_.wait(lock, has_work);
    if (jobs_.empty()) return;
    std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
  }
}

bool Engine::idle(std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  const bool worked = device_->idle();
  lock.lock();
  return worked;
}

void Engine::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

}  // namespace ripvec
