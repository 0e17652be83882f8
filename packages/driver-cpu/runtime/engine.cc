#include "runtime/engine.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <string>
#include <utility>

#include "runtime/error.h"
#include "runtime/program.h"

namespace ripvec {

namespace {

const KernelTable& kernels_of(InstructionSet set) {
  const KernelTable* kernels = supported(set) ? kernel_table(set) : nullptr;
  if (kernels == nullptr) {
    throw device_error(std::string("this CPU or build lacks ") + name_of(set));
  }
  return *kernels;
}

/** Callers that wait for one pass before they send the next don't pause for so long. */
constexpr std::chrono::milliseconds kPause{10};

/** A block of `bytes` that begins with what `memory` holds. */
Memory grown(const Memory& memory, size_t bytes) {
  Memory larger(bytes);
  std::copy_n(memory.data(), memory.size(), larger.data());
  return larger;
}

void append(Memory& memory, Memory tail) {
  if (tail.size() == 0) return;
  Memory larger = grown(memory, memory.size() + tail.size());
  std::copy_n(tail.data(), tail.size(), larger.data() + memory.size());
  memory = std::move(larger);
}

}  // namespace

Engine::Engine(int threads, InstructionSet set)
    : set_(set), kernels_(kernels_of(set)), pool_(threads), thread_([this] { work(); }) {}

Engine::~Engine() { close(); }

size_t Engine::open_weight(const WeightShape& shape, const std::vector<FilePlace>& places,
                           ScaleBytes scales) {
  std::vector<FileRange> ranges;
  for (const auto& [path, offset, length, identity] : places) {
    ranges.push_back({.file = files_.open(path, identity), .offset = offset, .length = length});
  }
  return add(Weight::open(shape, std::move(ranges), scales, kernels_, own_pool_));
}

size_t Engine::read_weight(const WeightShape& shape, std::span<const std::byte> bytes,
                           ScaleBytes scales) {
  return add(Weight::read(shape, bytes, scales, kernels_, own_pool_, slabs_));
}

size_t Engine::add(std::unique_ptr<Weight> weight) {
  const size_t number = next_weight_++;
  {
    const std::lock_guard lock(mutex_);
    new_weights_.emplace(number, std::move(weight));
  }
  enqueue([this] { take_weights(); });
  return number;
}

/** Also between the parts of a pass, which may use weights that were made after it had begun.
 * Throws nothing: the engine's thread has nobody to tell. */
void Engine::take_weights() noexcept {
  std::unique_lock lock(mutex_);
  while (!new_weights_.empty()) {
    auto entry = new_weights_.extract(new_weights_.begin());
    lock.unlock();
    Weight& weight = *entry.mapped();
    if (weight.is_unpacked() && !closed_) weight.pack(kernels_, pool_, slabs_);
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

/** Waits for it; nothing when there will be none. */
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
    run_parts(*pass);
  } catch (...) {
    pass->failure = std::current_exception();
    while (next_part(*pass)) {
    }
  }
  has_run_ = true;
  if (pass->done) pass->done(pass);
}

void Engine::run_parts(Pass& pass) {
  while (auto part = next_part(pass)) run_part(pass, std::move(*part));
  if (closed_) throw device_error("the engine is closed");
  if (!pass.result_place) return;
  const auto [space, offset, bytes] = *pass.result_place;
  const std::byte* from = space == Space::arena ? arena_.data() : pass.inputs.data();
  pass.result = Memory(bytes);
  std::copy_n(from + offset, bytes, pass.result.data());
}

void Engine::run_part(Pass& pass, PassPart part) {
  take_weights();
  grow_arena(part.arena_bytes, pass.has_begun);
  pass.has_begun = true;
  append(pass.inputs, std::move(part.inputs));
  const PassMemory memory{
      .arena = arena_.data(), .inputs = pass.inputs.data(), .weights = weights_};
  run_program(part.commands, memory, kernels_, pool_, closed_);
}

/** `keep`: what is in it, for parts of a pass that follow. */
void Engine::grow_arena(size_t bytes, bool keep) {
  if (arena_.size() >= bytes) return;
  try {
    if (!keep) arena_ = Memory();
    arena_bytes_ = arena_.size();
    arena_ = grown(arena_, bytes);
  } catch (const std::bad_alloc&) {
    throw device_error("out of memory: a pass needs " + std::to_string(bytes) + " bytes");
  }
  arena_bytes_ = bytes;
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
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto has_work = [this] { return closed_ || !jobs_.empty(); };
    if (has_run_ && !wake_.wait_for(lock, kPause, has_work)) {
      while (!has_work() && join_pages(lock)) {
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

bool Engine::join_pages(std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  const bool joined = slabs_.join_pages();
  lock.lock();
  return joined;
}

void Engine::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  wake_.notify_one();
  if (!thread_.joinable()) return;
  thread_.join();
  new_weights_.clear();
  weights_.clear();
  arena_ = Memory();
  weight_bytes_ = 0;
  arena_bytes_ = 0;
}

}  // namespace ripvec
