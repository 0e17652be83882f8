// Functions that the static C++ library of GCC 12 needs and glibc 2.17 lacks, for this addon alone.
#include <cstddef>
#include <cstdint>

#include <sys/syscall.h>
#include <unistd.h>

#pragma GCC visibility push(hidden)
extern "C" {

/** The C++ library always counts references atomically. */
char __libc_single_threaded = 0;

int getentropy(void* bytes, size_t size) {
  return syscall(SYS_getrandom, bytes, size, 0) == static_cast<long>(size) ? 0 : -1;
}

uint32_t arc4random() {
  uint32_t value = 0;
  getentropy(&value, sizeof value);
  return value;
}
}
#pragma GCC visibility pop
