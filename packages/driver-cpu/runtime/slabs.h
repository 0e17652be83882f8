#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/memory.h"

namespace ripvec {

/**
 * Cuts blocks from slabs, so that many of a few megabytes can share huge pages: a pass of a short
 * text streams all weights, and with pages of 4 KB it waits for their addresses. A huge page is
 * slow to come by, above all in a virtual machine whose host has to find it, so slabs begin with
 * small ones. A slab goes when its last block does. For any thread.
 */
class Slabs {
 public:
  /** Throws std::bad_alloc. */
  Memory take(size_t bytes);

  /**
   * Joins the small pages of 2 MB of blocks into a huge one, where the system can. Whoever reads
   * the blocks meanwhile notices nothing. Returns false, having done nothing, when none are left.
   */
  bool join_pages() noexcept;

 private:
  struct Slab {
    Memory memory;
    /** Bytes from its start. */
    size_t used = 0, joined = 0;
  };

  std::mutex mutex_;
  /** The last is the one that blocks are cut from. */
  std::vector<std::weak_ptr<Slab>> slabs_;
};

}  // namespace ripvec
