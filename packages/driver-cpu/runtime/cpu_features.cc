#include "runtime/cpu_features.h"

#include <cmath>
#include <cstring>
#include <thread>

#include "runtime/cgroup.h"

#if defined(__x86_64__) || defined(_M_X64)
#define RIPVEC_X64 1
#if defined(_MSC_VER)
#include <intrin.h>
#else
#include <cpuid.h>
#endif
#endif

#if defined(__linux__)
#include <sched.h>
#include <sys/auxv.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#elif defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#endif

namespace ripvec {
namespace {

#if RIPVEC_X64
struct Registers {
  uint32_t a, b, c, d;
};

Registers cpuid(uint32_t leaf, uint32_t subleaf = 0) {
  Registers r = {};
#if defined(_MSC_VER)
  int values[4];
  __cpuidex(values, static_cast<int>(leaf), static_cast<int>(subleaf));
  std::memcpy(&r, values, sizeof r);
#else
  __cpuid_count(leaf, subleaf, r.a, r.b, r.c, r.d);
#endif
  return r;
}

/** The register sets that the operating system saves (XCR0). */
uint64_t saved_state() {
#if defined(_MSC_VER)
  return _xgetbv(0);
#else
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (static_cast<uint64_t>(high) << 32) | low;
#endif
}

bool has(uint32_t word, int bit) { return (word >> bit) & 1u; }

CpuFeatures detect() {
  CpuFeatures features = {};
  const uint32_t leaves = cpuid(0).a;
  if (leaves < 7) return features;
  const Registers one = cpuid(1);
  const Registers seven = cpuid(7);
  const bool os_saves = has(one.c, 27);
  const uint64_t state = os_saves ? saved_state() : 0;
  const bool ymm = (state & 0x6) == 0x6;
  const bool zmm = (state & 0xe6) == 0xe6;
  const bool avx = has(one.c, 28) && has(one.c, 12) && has(one.c, 29);  // AVX, FMA, F16C
  features.avx2 = ymm && avx && has(seven.b, 5);
  features.avx512 = features.avx2 && zmm && has(seven.b, 16) && has(seven.b, 17) &&
                    has(seven.b, 30) && has(seven.b, 31);  // F, DQ, BW, VL
  features.avx2_vnni = features.avx2 && seven.a >= 1 && has(cpuid(7, 1).a, 4);
  features.avx512_vnni = features.avx512 && has(seven.c, 11);
  return features;
}
#elif defined(__aarch64__) || defined(_M_ARM64)
bool has_dot_product() {
#if defined(__linux__)
  constexpr unsigned long kAsimdDp = 1ul << 20;
  return (getauxval(AT_HWCAP) & kAsimdDp) != 0;
#elif defined(__APPLE__)
  return true;
#elif defined(_WIN32)
  constexpr DWORD kDotProduct = 43;  // PF_ARM_V82_DP_INSTRUCTIONS_AVAILABLE
  return IsProcessorFeaturePresent(kDotProduct) != 0;
#else
  return false;
#endif
}

CpuFeatures detect() {
  CpuFeatures features = {};
  features.neon = true;
  features.neon_dot = has_dot_product();
  return features;
}
#else
CpuFeatures detect() { return {}; }
#endif

struct Name {
  char text[64] = "unknown";
  Name();
};

#if RIPVEC_X64
Name::Name() {
  if (cpuid(0x80000000u).a < 0x80000004u) return;
  char brand[49] = {};
  for (uint32_t i = 0; i < 3; i++) {
    const Registers r = cpuid(0x80000002u + i);
    std::memcpy(brand + 16 * i, &r, 16);
  }
  const char* from = brand + std::strspn(brand, " ");
  size_t length = std::strlen(from);
  while (length > 0 && from[length - 1] == ' ') length--;
  if (length == 0) return;
  std::memcpy(text, from, length);
  text[length] = '\0';
}
#elif defined(__APPLE__)
Name::Name() {
  size_t size = sizeof text;
  if (sysctlbyname("machdep.cpu.brand_string", text, &size, nullptr, 0) != 0) {
    std::strcpy(text, "unknown");
  }
}
#else
Name::Name() {}
#endif

int affinity() {
#if defined(__linux__)
  // Machines with more than 1024 cores need a larger set than cpu_set_t.
  for (int cores = 1024; cores <= 1 << 16; cores *= 4) {
    cpu_set_t* set = CPU_ALLOC(static_cast<size_t>(cores));
    if (!set) break;
    const size_t size = CPU_ALLOC_SIZE(static_cast<size_t>(cores));
    const bool known = sched_getaffinity(0, size, set) == 0;
    const int count = known ? CPU_COUNT_S(size, set) : 0;
    CPU_FREE(set);
    if (known && count > 0) return count;
  }
#elif defined(_WIN32)
  DWORD_PTR process = 0, system = 0;
  if (GetProcessAffinityMask(GetCurrentProcess(), &process, &system) && process != 0) {
    int count = 0;
    for (DWORD_PTR rest = process; rest; rest &= rest - 1) count++;
    return count;
  }
#elif defined(__APPLE__)
  // Efficiency cores are not counted, because the other cores would wait for them.
  int cores = 0;
  size_t size = sizeof cores;
  if (sysctlbyname("hw.perflevel0.physicalcpu", &cores, &size, nullptr, 0) == 0 && cores > 0) {
    return cores;
  }
#endif
  const unsigned cores = std::thread::hardware_concurrency();
  return cores > 0 ? static_cast<int>(cores) : 1;
}

}  // namespace

const CpuFeatures& cpu_features() {
  static const CpuFeatures features = detect();
  return features;
}

const char* cpu_name() {
  static const Name name;
  return name.text;
}

int default_threads() {
  const int cores = affinity();
#if defined(__linux__)
  const double quota = cgroup_quota();
#else
  const double quota = INFINITY;
#endif
  if (!(quota < cores)) return cores;
  const int granted = static_cast<int>(std::ceil(quota));
  return granted < 1 ? 1 : granted;
}

}  // namespace ripvec
