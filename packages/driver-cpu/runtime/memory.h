#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace ripvec {

/** What a very large block lies in, where the system has a choice. */
enum class Pages : uint8_t {
  huge,
  /** Pages of the usual size that huge ones can replace. */
  small,
};

/**
 * Uninitialised memory, aligned to 64 bytes. Large blocks go back to the system when freed.
 */
class Memory {
 public:
  Memory() = default;
  /** Throws std::bad_alloc. */
  explicit Memory(size_t bytes, Pages pages = Pages::huge);
  ~Memory();
  Memory(Memory&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        bytes_(std::exchange(other.bytes_, 0)),
        slab_(std::move(other.slab_)) {}
  Memory& operator=(Memory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    std::swap(slab_, other.slab_);
    return *this;
  }

  std::byte* data() const { return data_; }
  size_t size() const { return bytes_; }

 private:
  friend class Slabs;

  std::byte* data_ = nullptr;
  size_t bytes_ = 0;
  /** What it is cut from, if anything. */
  std::shared_ptr<const void> slab_;
};

/**
 * Cuts blocks from slabs, so that many of a few megabytes can share huge pages: a pass of a short
 * text streams all weights, and with pages of 4 KB it waits for their addresses. A huge page is slow
 * to come by, above all in a virtual machine whose host has to find it, so slabs begin with small
 * ones. A slab goes when its last block does. For any thread.
 */
class Slabs {
 public:
  /** Throws std::bad_alloc. */
  Memory take(size_t bytes);

  /**
   * Joins the small pages of 2 MB of blocks into a huge one, where the system can. Whoever reads
   * the blocks meanwhile notices nothing. Returns false, having done nothing, when none are left.
   */
  bool join_pages();

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
