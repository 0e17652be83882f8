#include <atomic>
#include <chrono>
#include <ctime>
#include <memory>
#include <thread>

#include "native-test/check.h"

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#endif
#include "runtime/cpu_features.h"

namespace test {
namespace {

using ripvec::ThreadPool;

struct Count {
  std::vector<int> seen;
  int64_t grain = 1;
  std::atomic<bool> too_small{false};
  std::atomic<int> inside{0};
  std::atomic<bool> worker_twice{false};
  std::vector<std::atomic<int>> busy = std::vector<std::atomic<int>>(8);
};

void count(void* context, int64_t begin, int64_t end, int worker) {
  auto& counts = *static_cast<Count*>(context);
  if (counts.busy[at(worker)].exchange(1)) counts.worker_twice = true;
  for (int64_t i = begin; i < end; i++) counts.seen[at(i)]++;
  if (end - begin < counts.grain && at(end) < counts.seen.size()) counts.too_small = true;
  counts.busy[at(worker)] = 0;
}

/** Every item must be done exactly once, for all sizes, in thousands of runs in a row. */
void check_cover(int threads) {
  ThreadPool pool(threads);
  for (int round = 0; round < 3000; round++) {
    const int64_t n = round % 61, grain = 1 + round % 7;
    Count counts;
    counts.seen.assign(at(n), 0);
    counts.grain = grain;
    pool.run(n, grain, count, &counts);
    for (const int times : counts.seen) expect(times == 1, "thread pool: every item once");
    expect(!counts.worker_twice, "thread pool: a worker number in use twice");
    expect(!counts.too_small, "thread pool: a chunk below the grain");
  }
}

struct Stuck {
  int64_t n;
  std::atomic<int64_t> done{0};
  std::atomic<bool> first{true};
  std::atomic<bool> gave_up{false};
};

/** The caller's first chunk does not end before all other items are done. */
void stick(void* context, int64_t begin, int64_t end, int worker) {
  auto& stuck = *static_cast<Stuck*>(context);
  if (worker == 0 && stuck.first.exchange(false)) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (stuck.done < stuck.n - (end - begin) && !stuck.gave_up) {
      std::this_thread::yield();
      stuck.gave_up = std::chrono::steady_clock::now() > limit;
    }
  }
  stuck.done += end - begin;
}

/** The other threads must take over the chunks that a busy thread has not begun. */
void check_take_over(int threads) {
  ThreadPool pool(threads);
  for (const int64_t n : {2, 3, 64, 1000}) {
    Stuck stuck{.n = n};
    pool.run(n, 1, stick, &stuck);
    expect(stuck.done == n && !stuck.gave_up, "thread pool: a busy thread's share is taken over");
  }
}

void check_shares() {
  ThreadPool pool(3);
  for (const int64_t n : {1, 7, 30, 1001}) {
    for (const int64_t grain : {1, 4}) {
      int64_t before = 0;
      for (int worker = 0; worker < pool.threads(); worker++) {
        const int64_t end = pool.share_end(n, grain, worker);
        expect(end >= before && (end % grain == 0 || end == n), "thread pool: shares in order");
        before = end;
      }
      expect(before == n, "thread pool: shares cover everything");
    }
  }
}

/** Workers that have fallen asleep must wake up again. */
void check_after_sleep() {
  ThreadPool pool(3);
  for (int round = 0; round < 20; round++) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    Count counts;
    counts.seen.assign(500, 0);
    pool.run(500, 1, count, &counts);
    for (const int times : counts.seen)
      expect(times == 1, "thread pool: every item once after sleep");
  }
}

/** Processor time of this process. */
double seconds_used() {
#ifdef _WIN32
  // On Windows clock() returns elapsed time.
  FILETIME created, ended, kernel, user;
  GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user);
  return 1e-7 * static_cast<double>(kernel.dwLowDateTime + user.dwLowDateTime);
#else
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
#endif
}

void check_idle() {
  ThreadPool pool(4);
  Count counts;
  counts.seen.assign(100, 0);
  pool.run(100, 1, count, &counts);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const double before = seconds_used();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const double used = seconds_used() - before;
  expect(used < 0.02, "thread pool: idle workers use the processor");
}

void check_scratch() {
  ThreadPool pool(2);
  pool.reserve_scratch(100);
  float* first = pool.scratch(0);
  pool.reserve_scratch(50);
  expect(pool.scratch(0) == first, "thread pool: scratch that is large enough is kept");
  pool.reserve_scratch(5000);
  for (int worker = 0; worker < pool.threads(); worker++) {
    pool.scratch(worker)[4999] = 1;
    expect(reinterpret_cast<uintptr_t>(pool.scratch(worker)) % 64 == 0,
           "thread pool: scratch aligned");
  }
  pool.shared_scratch(7)[6] = 1;
}

}  // namespace

void test_thread_pool() {
  for (const int threads : {1, 2, 3, 8}) check_cover(threads);
  for (const int threads : {2, 3, 8}) check_take_over(threads);
  check_shares();
  check_after_sleep();
  check_idle();
  check_scratch();
  for (int round = 0; round < 50; round++) {
    ThreadPool unused(4);
    auto used = std::make_unique<ThreadPool>(3);
    Count counts;
    counts.seen.assign(10, 0);
    used->run(10, 1, count, &counts);
  }
  expect(ripvec::default_threads() >= 1, "default_threads is positive");
  expect(ripvec::supported(ripvec::best()), "the best set is supported");
}

}  // namespace test
