// The clocks, the memory, the choice of the instruction set and its peak that all benchmarks use.
#pragma once

#include <cstdint>
#include <functional>

#include "runtime/kernels.h"

namespace bench {

double now();

/** The duration of a call in seconds. */
struct Times {
  double wall, processor;
};

/** Repeats a call for this time and returns the fastest. On a shared machine, slower calls mainly
 * measure the load of other processes. */
Times time_of(double milliseconds, const std::function<void()>& body);

/** The instruction set in RIPVEC_CPU_ISA, else the best one. Exits if it is not supported here. */
ripvec::InstructionSet chosen_set();

/** The GFLOP/s of one thread that multiplies and adds only in registers, by processor time. */
double peak_of(ripvec::InstructionSet set);

/** Aligned memory with small random numbers. */
struct Floats {
  float* data;
  explicit Floats(int64_t n);
  ~Floats();
  Floats(Floats&& other) noexcept : data(other.data) { other.data = nullptr; }
  Floats(const Floats&) = delete;
};

}  // namespace bench
