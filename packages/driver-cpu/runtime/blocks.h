// Divides a product [m, n] into tasks. A task is up to kBlockRows rows times a range of panels.
#pragma once

#include "runtime/packed_matrix.h"
#include "runtime/parallel.h"

namespace ripvec::RIPVEC_ISA {

struct Range {
  int64_t begin, end;
};

/** 96, rounded up to a whole number of tiles. */
constexpr int64_t kBlockRows = (96 + kTileRows - 1) / kTileRows * kTileRows;

/** The least multiply-adds of a task: they take about 10 µs in f32 and 3 µs in i8. */
constexpr int64_t kTaskWork = 1 << 20;
/** Loading a panel of the weight takes as long as multiplying it with this many rows. */
constexpr int64_t kRowsWorthOfMoving = 32;

RIPVEC_INLINE int64_t divide_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

/** A task: rows times panels of a product, computed by one thread. */
struct Block {
  Range rows, panels;
  int worker;
  /** Whether this is the last block of the thread's own share. The thread may still take over
   * blocks that other threads have not started. */
  bool last;
};

/** Calls f(block) for blocks that cover m rows and n columns; an element is a sum of k products. */
template <class F>
RIPVEC_INLINE void parallel_blocks(ThreadPool& pool, int64_t m, int64_t n, int64_t k, const F& f) {
  if (m == 0 || n == 0) return;
  const int64_t panels = panels_of(n), parts = divide_up(m, kBlockRows);
  const int64_t panel_work = kPanelColumns * k * (divide_up(m, parts) + kRowsWorthOfMoving);
  const int64_t grain = panel_work < kTaskWork ? divide_up(kTaskWork, panel_work + 1) : 1;
  parallel_for(pool, parts * panels, grain, [&](int64_t begin, int64_t end, int worker) {
    while (begin < end) {
      const int64_t part = begin / panels, first = begin % panels;
      const int64_t last = end - begin < panels - first ? first + end - begin : panels;
      begin += last - first;
      f(Block{.rows = {part * m / parts, (part + 1) * m / parts},
              .panels = {first, last},
              .worker = worker,
              .last = begin == pool.share_end(parts * panels, grain, worker)});
    }
  });
}

/**
 * The packed bytes that a thread reads after a block: the panel that follows or, at the end of the
 * thread's share, its share of the next weight.
 */
RIPVEC_INLINE const unsigned char* after(const ThreadPool& pool, const Block& block,
                                         const Panels& b, int64_t n, int64_t panel_bytes) {
  const auto* data = static_cast<const unsigned char*>(b.data);
  if (block.last && !b.next.empty()) {
    const size_t lines = b.next.size() / kLineBytes;
    const size_t line =
        lines * static_cast<size_t>(block.worker) / static_cast<size_t>(pool.threads());
    return reinterpret_cast<const unsigned char*>(b.next.data()) + line * kLineBytes;
  }
  return data + block.panels.end % panels_of(n) * panel_bytes;
}

}  // namespace ripvec::RIPVEC_ISA
