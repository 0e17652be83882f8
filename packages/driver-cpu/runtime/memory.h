#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>

namespace ripvec {

/**
 * Uninitialised memory, aligned to 64 bytes. Large blocks go back to the system when freed, and
 * very large ones lie in huge pages where it has them.
 */
class Memory {
 public:
  Memory() = default;
  /** Throws std::bad_alloc. */
  explicit Memory(size_t bytes);
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
  std::shared_ptr<const Memory> slab_;
};

/**
 * Cuts blocks from slabs, so that many of a few megabytes share huge pages: a pass of a short text
 * streams all weights, and with pages of 4 KB it waits for their addresses. A slab goes when its
 * last block does. For any thread.
 */
class Slabs {
 public:
  /** Throws std::bad_alloc. */
  Memory take(size_t bytes);

 private:
  std::mutex mutex_;
  std::weak_ptr<const Memory> slab_;
  size_t used_ = 0;
};

}  // namespace ripvec
