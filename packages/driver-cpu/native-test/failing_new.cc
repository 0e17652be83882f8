// An operator new of which one call can be made to fail, in a test program or in the addon.
// `ripvec-native fail-allocations` links it into the addon, where RIPVEC_FAIL_ALLOCATION counts
// from the start.
#include "native-test/failing_new.h"

#include <atomic>
#include <cstdlib>
#include <new>

#ifdef _WIN32
#include <malloc.h>
#endif

namespace {

long wanted() {
  const char* n = std::getenv("RIPVEC_FAIL_ALLOCATION");
  return n == nullptr ? -1 : std::strtol(n, nullptr, 10);
}

/** The number of allocations before the one that fails; negative when none has to fail. */
std::atomic<long> left{wanted()};

void* checked(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void count() {
  if (left.load() >= 0 && left.fetch_sub(1) == 0) throw std::bad_alloc();
}

}  // namespace

void test::fail_allocation(long n) { left = n; }
bool test::allocation_failed() { return left < 0; }

void* operator new(std::size_t size) {
  count();
  return checked(std::malloc(size == 0 ? 1 : size));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

void* operator new(std::size_t size, std::align_val_t alignment) {
  count();
  const auto step = static_cast<std::size_t>(alignment);
#ifdef _WIN32
  return checked(_aligned_malloc(size == 0 ? 1 : size, step));
#else
  return checked(
      std::aligned_alloc(step, (size + step - 1) / step * step + (size == 0 ? step : 0)));
#endif
}
void operator delete(void* memory, std::align_val_t) noexcept {
#ifdef _WIN32
  _aligned_free(memory);
#else
  std::free(memory);
#endif
}
void operator delete(void* memory, std::size_t, std::align_val_t alignment) noexcept {
  operator delete(memory, alignment);
}
