#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/memory.h"

namespace ripvec {

/**
 * Allocates blocks from slabs, so that many blocks of a few megabytes can share huge pages: a pass
 * of a short text streams all weights, and with pages of 4 KB it waits for address translation.
 * Allocating a huge page is slow, especially in a virtual machine whose host must find one, so a
 * slab starts with small pages. A slab is freed with its last block. Any thread may call this.
 */
class Slabs {
 public:
  /** Throws std::bad_alloc. */
  Memory take(size_t bytes);

  /**
   * Merges the small pages of 2 MB of blocks into a huge page, if the system supports it. Other
   * threads may read the blocks during the call. Does nothing and returns false if no small pages
   * are left.
   */
  bool join_pages() noexcept;

 private:
  struct Slab {
    Memory memory;
    /** Byte counts from the start of the slab. */
    size_t used = 0, joined = 0;
  };

  std::mutex mutex_;
  /** New blocks are taken from the last slab. */
  std::vector<std::weak_ptr<Slab>> slabs_;
};

}  // namespace ripvec
