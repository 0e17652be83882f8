#include "runtime/engine.h"

#include <algorithm>
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

}  // namespace

Engine::Engine(int threads, InstructionSet set)
    : set_(set), kernels_(kernels_of(set)), pool_(threads), thread_([this] { work(); }) {}

Engine::~Engine() { close(); }

size_t Engine::map_weight(const WeightShape& shape, const std::string& path, uint64_t offset) {
  auto weight = Weight::map(shape, {.file = files_.open(path), .offset = offset});
  const size_t number = next_weight_++;
  add(number, std::move(weight), shape.role == Role::matrix);
  return number;
}

size_t Engine::read_weight(const WeightShape& shape, std::span<const std::byte> bytes) {
  auto weight = Weight::read(shape, bytes, kernels_, own_pool_, slabs_);
  const size_t number = next_weight_++;
  add(number, std::move(weight), false);
  return number;
}

void Engine::add(size_t number, std::unique_ptr<Weight> weight, bool pack) {
  enqueue(
      [this, number, pack, weight = std::make_shared<std::unique_ptr<Weight>>(std::move(weight))] {
        if (pack && !closed_) (*weight)->pack(kernels_, pool_, slabs_);
        weights_.put(number, std::move(*weight));
        weight_bytes_ = weights_.memory_bytes();
      });
}

void Engine::release_weight(size_t number) {
  enqueue([this, number] {
    weights_.release(number);
    weight_bytes_ = weights_.memory_bytes();
  });
}

void Engine::submit(std::unique_ptr<Pass> pass, Done done) {
  enqueue([this, held = std::make_shared<std::unique_ptr<Pass>>(std::move(pass)),
           done = std::move(done)] {
    Pass& running = **held;
    try {
      run(running);
    } catch (...) {
      running.failure = std::current_exception();
    }
    done(std::move(*held));
  });
}

void Engine::run(Pass& pass) {
  if (closed_) throw device_error("the engine is closed");
  grow_arena(pass.arena_bytes);
  const PassMemory memory{
      .arena = arena_.data(), .inputs = pass.inputs.data(), .weights = weights_};
  run_program(pass.commands, memory, kernels_, pool_, closed_);
  const std::byte* from = pass.result_space == Space::arena ? memory.arena : memory.inputs;
  pass.result = Memory(pass.result_bytes);
  std::copy_n(from + pass.result_offset, pass.result_bytes, pass.result.data());
}

void Engine::grow_arena(size_t bytes) {
  if (arena_.size() >= bytes) return;
  arena_ = Memory();
  arena_bytes_ = 0;
  try {
    arena_ = Memory(bytes);
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
    wake_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
  }
}

void Engine::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  wake_.notify_one();
  if (!thread_.joinable()) return;
  thread_.join();
  weights_.clear();
  arena_ = Memory();
  weight_bytes_ = 0;
  arena_bytes_ = 0;
}

}  // namespace ripvec
