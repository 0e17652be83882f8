// A thread's share of the work of one kernel.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ripvec {

/** Units of work begin … end − 1. */
struct Units {
  uint32_t begin, end;
  bool empty() const { return begin >= end; }
};

/** The first share of a worker if n items are divided among `workers` in units of `grain` items. */
inline Units share_of(int64_t n, int64_t grain, size_t worker, size_t workers) {
  const auto units = static_cast<uint64_t>((n + grain - 1) / grain);
  return {static_cast<uint32_t>(units * worker / workers),
          static_cast<uint32_t>(units * (worker + 1) / workers)};
}

/** The units that a worker has left. The owner takes from the front and other workers take from the
 * back. No lock is needed, because the share is one atomic word. */
class alignas(64) Share {
 public:
  void set(Units units) { word_.store(pack(units), std::memory_order_relaxed); }

  /** For the owner. Takes half of the rest, so that few calls process the share in order. */
  Units take_front() {
    return take([](Units left, uint32_t count) {
      return Units{left.begin, left.begin + std::max(count / 2, uint32_t{1})};
    });
  }

  /** For other workers. Takes half of the rest. */
  Units take_back() {
    return take(
        [](Units left, uint32_t count) { return Units{left.end - (count + 1) / 2, left.end}; });
  }

 private:
  static uint64_t pack(Units units) { return uint64_t{units.begin} << 32 | units.end; }

  template <class Choose>
  Units take(Choose choose) {
    uint64_t word = word_.load(std::memory_order_relaxed);
    for (;;) {
      const Units left{static_cast<uint32_t>(word >> 32), static_cast<uint32_t>(word)};
      if (left.empty()) return {0, 0};
      const Units taken = choose(left, left.end - left.begin);
      const Units rest =
          taken.begin == left.begin ? Units{taken.end, left.end} : Units{left.begin, taken.begin};
      if (word_.compare_exchange_weak(word, pack(rest), std::memory_order_relaxed)) return taken;
    }
  }

  std::atomic<uint64_t> word_{0};
};

}  // namespace ripvec
