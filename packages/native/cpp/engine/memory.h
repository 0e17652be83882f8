#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace ripvec {

/** The kind of pages for a very large block, if the system offers a choice. */
enum class Pages : uint8_t {
  huge,
  /** Pages of the usual size, which huge pages can replace later. */
  small,
};

/** Uninitialised memory, aligned to 64 bytes. Large blocks return to the system when freed. */
class Memory {
 public:
  Memory() = default;
  /** Throws std::bad_alloc. */
  explicit Memory(size_t bytes, Pages pages = Pages::huge);
  /** A part of a larger block, which `whole` keeps alive. `data` is aligned to 64 bytes. */
  Memory(std::byte* data, size_t bytes, std::shared_ptr<const void> whole)
      : data_(data), bytes_(bytes), whole_(std::move(whole)) {}
  ~Memory();
  Memory(Memory&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        bytes_(std::exchange(other.bytes_, 0)),
        whole_(std::move(other.whole_)) {}
  Memory& operator=(Memory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    std::swap(whole_, other.whole_);
    return *this;
  }

  std::byte* data() const { return data_; }
  size_t size() const { return bytes_; }

 private:
  std::byte* data_ = nullptr;
  size_t bytes_ = 0;
  /** The block that this is a part of, if any. */
  std::shared_ptr<const void> whole_;
};

}  // namespace ripvec
