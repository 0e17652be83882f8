#include "runtime/thread_pool.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "engine/memory.h"
#include "runtime/share.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#endif

namespace ripvec {
namespace {

// Long enough to cover the gap between two ops of a pass, and short enough to cost little if idle.
constexpr auto kSpinTime = std::chrono::microseconds(30);
constexpr int kSpinsPerClockRead = 64;

// The gate is one word that opens and closes a job: epoch · 2³² + open · 2³¹ + the number of
// workers inside.
constexpr uint64_t kOpen = uint64_t{1} << 31;
constexpr uint64_t kInside = kOpen - 1;
constexpr uint64_t kEpoch = uint64_t{1} << 32;

void pause() {
#if defined(__x86_64__) || defined(_M_X64)
  _mm_pause();
#elif defined(__aarch64__) && defined(__GNUC__)
  asm volatile("yield");
#endif
}

/** Spins until `done()` is true or the time is up. Returns whether `done()` is true. */
template <class Done>
bool spin(Done done) {
  const auto end = std::chrono::steady_clock::now() + kSpinTime;
  do {
    for (int i = 0; i < kSpinsPerClockRead; i++) {
      if (done()) return true;
      pause();
    }
  } while (std::chrono::steady_clock::now() < end);
  return done();
}

/** Memory that only grows. It loses its contents when it grows. */
class Scratch {
 public:
  float* at_least(size_t floats) {
    if (floats * sizeof(float) > memory_.size()) {
      memory_ = Memory();
      memory_ = Memory(floats * sizeof(float));
    }
    return data();
  }
  float* data() const { return reinterpret_cast<float*>(memory_.data()); }

 private:
  Memory memory_;
};

}  // namespace

struct ThreadPool::State {
  std::atomic<uint64_t> gate{0};
  std::vector<Share> shares;
  // These are set before the gate opens, and read by the workers inside it.
  Body body = nullptr;
  void* context = nullptr;
  int64_t n = 0;
  int64_t grain = 1;

  std::atomic<bool> busy{false};
  std::atomic<bool> stopping{false};
  std::atomic<int> sleeping{0};
  std::atomic<bool> caller_sleeps{false};
  std::mutex mutex;
  std::condition_variable work;
  std::condition_variable left;

  std::vector<std::thread> workers;
  std::vector<Scratch> scratch;
  Scratch shared;

  explicit State(int threads)
      : shares(static_cast<size_t>(threads)), scratch(static_cast<size_t>(threads)) {}

  void work_on(Units units, int worker) {
    const int64_t end = units.end * grain;
    body(context, units.begin * grain, end < n ? end : n, worker);
  }

  /** Works on the worker's own share, then on items that other workers have not started. */
  void take_chunks(int worker) {
    const auto self = static_cast<size_t>(worker);
    do {
      for (auto chunk = shares[self].take_front(); !chunk.empty();
           chunk = shares[self].take_front()) {
        work_on(chunk, worker);
      }
    } while (take_over(self));
  }

  /** Moves a part of another worker's share to this worker; returns false if none is left. */
  bool take_over(size_t self) {
    for (size_t i = 1; i < shares.size(); i++) {
      const auto units = shares[(self + i) % shares.size()].take_back();
      if (units.empty()) continue;
      shares[self].set(units);
      return true;
    }
    return false;
  }

  bool news(uint64_t seen) const {
    const uint64_t now = gate.load();
    return stopping.load() || ((now & kOpen) && now / kEpoch != seen);
  }

  /** Waits for a job that this worker has not seen. Returns false if the pool is destroyed. */
  bool wait_for_job(uint64_t seen) {
    if (!spin([&] { return news(seen); })) {
      std::unique_lock lock(mutex);
      sleeping.fetch_add(1);
      work.wait(lock, [&] { return news(seen); });
      sleeping.fetch_sub(1);
    }
    return !stopping.load();
  }

  void work_until_stopped(int worker) {
    uint64_t seen = 0;
    while (wait_for_job(seen)) {
      uint64_t now = gate.load();
      while ((now & kOpen) && !gate.compare_exchange_weak(now, now + 1)) pause();
      if (!(now & kOpen)) continue;
      seen = now / kEpoch;
      take_chunks(worker);
      leave();
    }
  }

  /** Stops the workers and joins them. */
  void stop() {
    {
      const std::lock_guard lock(mutex);
      stopping.store(true);
    }
    work.notify_all();
    for (std::thread& worker : workers) worker.join();
  }

  void leave() {
    const uint64_t before = gate.fetch_sub(1);
    const bool last = (before & kInside) == 1 && !(before & kOpen);
    if (last && caller_sleeps.load()) {
      const std::lock_guard lock(mutex);
      left.notify_one();
    }
  }

  void open() {
    for (size_t i = 0; i < shares.size(); i++) shares[i].set(share_of(n, grain, i, shares.size()));
    const uint64_t now = gate.load(std::memory_order_relaxed);
    gate.store((now / kEpoch + 1) * kEpoch + kOpen);
    if (sleeping.load() > 0) {
      {
        const std::lock_guard lock(mutex);
      }
      work.notify_all();
    }
  }

  /** Closes the gate, so that no more workers enter, and waits for those inside. */
  void close() {
    gate.fetch_and(~kOpen);
    const auto empty = [&] { return (gate.load() & kInside) == 0; };
    if (spin(empty)) return;
    std::unique_lock lock(mutex);
    caller_sleeps.store(true);
    left.wait(lock, empty);
    caller_sleeps.store(false);
  }
};

ThreadPool::ThreadPool(int threads) : state_(new State(threads < 1 ? 1 : threads)) {
  try {
    for (int worker = 1; worker < threads; worker++) {
      state_->workers.emplace_back([state = state_, worker] { state->work_until_stopped(worker); });
    }
  } catch (const std::system_error&) {
    // The pool keeps the threads that the system allowed.
  } catch (...) {
    state_->stop();
    delete state_;
    throw;
  }
}

ThreadPool::~ThreadPool() {
  state_->stop();
  delete state_;
}

int64_t ThreadPool::share_end(int64_t n, int64_t grain, int worker) const {
  const size_t workers = state_->shares.size();
  const int64_t end = share_of(n, grain, static_cast<size_t>(worker), workers).end * grain;
  return end < n ? end : n;
}

int ThreadPool::threads() const { return static_cast<int>(state_->workers.size()) + 1; }

void ThreadPool::run(int64_t n, int64_t grain, Body body, void* context) {
  if (n <= 0) return;
  State& state = *state_;
  if (state.busy.exchange(true)) {
    std::fputs("ripvec: two kernels run on one thread pool at the same time\n", stderr);
    std::abort();
  }
  if (n <= grain || state.workers.empty()) {
    body(context, 0, n, 0);
  } else {
    state.body = body;
    state.context = context;
    state.n = n;
    state.grain = grain;
    state.open();
    state.take_chunks(0);
    state.close();
  }
  state.busy.store(false);
}

void ThreadPool::reserve_scratch(size_t floats) {
  for (Scratch& scratch : state_->scratch) scratch.at_least(floats);
}

float* ThreadPool::scratch(int worker) const {
  return state_->scratch[static_cast<size_t>(worker)].data();
}

float* ThreadPool::shared_scratch(size_t floats) { return state_->shared.at_least(floats); }

}  // namespace ripvec
