#include "runtime/slabs.h"

#include <algorithm>
#include <utility>

#ifndef _WIN32
#include <sys/mman.h>
#endif

namespace ripvec {

namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kSlab = 16 << 20;
constexpr size_t kHugePage = 2 << 20;

size_t round_up(size_t bytes, size_t to) { return (bytes + to - 1) / to * to; }

/** Makes a huge page of 2 MB of small pages. If this fails now, lets the system do it later. */
void join([[maybe_unused]] std::byte* data) {
#ifdef __linux__
#ifndef MADV_COLLAPSE
  constexpr int MADV_COLLAPSE = 25;  // newer than the headers of some C libraries
#endif
  if (::madvise(data, kHugePage, MADV_COLLAPSE) != 0) ::madvise(data, kHugePage, MADV_HUGEPAGE);
#endif
}

}  // namespace

Memory Slabs::take(size_t bytes) {
  const std::lock_guard lock(mutex_);
  const size_t whole = round_up(bytes, kAlignment);
  std::shared_ptr<Slab> slab = slabs_.empty() ? nullptr : slabs_.back().lock();
  if (!slab || whole > slab->memory.size() - slab->used) {
    slab = std::make_shared<Slab>(Memory(std::max(kSlab, whole), Pages::small));
    slabs_.push_back(slab);
  }
  std::byte* data = slab->memory.data() + slab->used;
  slab->used += whole;
  return Memory(data, bytes, std::move(slab));
}

bool Slabs::join_pages() noexcept {
  const std::lock_guard lock(mutex_);
  std::erase_if(slabs_, [](const std::weak_ptr<Slab>& known) { return known.expired(); });
  for (const std::weak_ptr<Slab>& known : slabs_) {
    const std::shared_ptr<Slab> slab = known.lock();
    if (!slab) continue;
    const bool open = &known == &slabs_.back();
    const size_t end =
        open ? slab->used : std::min(round_up(slab->used, kHugePage), slab->memory.size());
    if (end - slab->joined < kHugePage) continue;
    join(slab->memory.data() + slab->joined);
    slab->joined += kHugePage;
    return true;
  }
  return false;
}

}  // namespace ripvec
