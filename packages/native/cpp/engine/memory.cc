#include "engine/memory.h"

#include <cstdint>
#include <new>

#ifndef _WIN32
#include <sys/mman.h>
#endif

namespace ripvec {

namespace {

constexpr std::align_val_t kAlignment{64};

#ifndef _WIN32
constexpr size_t kHugePage = 2 << 20;

size_t round_up(size_t bytes, size_t to) { return (bytes + to - 1) / to * to; }

/** Blocks from this size on are mapped. malloc keeps freed blocks below its own threshold, which
 * grows to 32 MiB, but a mapping returns to the system immediately. */
constexpr size_t kMapFrom = 256 << 10;
bool is_mapped(size_t bytes) { return bytes >= kMapFrom; }

/** A multiple of every system's usual page size. */
constexpr size_t kPage = 64 << 10;
size_t whole_pages(size_t bytes) { return round_up(bytes, kPage); }

std::byte* map_pages(size_t bytes) {
  void* data = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) throw std::bad_alloc();
  return static_cast<std::byte*>(data);
}

/** Maps memory that is aligned to a huge page. */
std::byte* map_aligned(size_t bytes) {
  std::byte* whole = map_pages(bytes + kHugePage);
  const size_t before = -reinterpret_cast<uintptr_t>(whole) % kHugePage;
  if (before > 0) ::munmap(whole, before);
  ::munmap(whole + before + bytes, kHugePage - before);
  return whole + before;
}

std::byte* map(size_t bytes, [[maybe_unused]] Pages pages) {
  if (bytes < 2 * kHugePage) return map_pages(bytes);
  std::byte* data = map_aligned(bytes);
#ifdef __linux__
  if (pages == Pages::huge) ::madvise(data, bytes, MADV_HUGEPAGE);
#endif
  return data;
}
#endif

}  // namespace

Memory::Memory(size_t bytes, [[maybe_unused]] Pages pages) : bytes_(bytes) {
  if (bytes == 0) return;
#ifndef _WIN32
  if (is_mapped(bytes)) {
    data_ = map(whole_pages(bytes), pages);
    return;
  }
#endif
  data_ = static_cast<std::byte*>(::operator new(bytes, kAlignment));
}

Memory::~Memory() {
  if (data_ == nullptr || whole_) return;
#ifndef _WIN32
  if (is_mapped(bytes_)) {
    ::munmap(data_, whole_pages(bytes_));
    return;
  }
#endif
  ::operator delete(data_, kAlignment);
}

}  // namespace ripvec
