// What the benchmarks share: clocks, memory, the instruction set and its peak.
#pragma once

#include <cstdint>
#include <functional>

#include "runtime/kernels.h"

namespace bench {

double now();

/** Seconds of a call. */
struct Times {
  double wall, processor;
};

/** The fastest of the calls in that time: on a shared machine the others measure the neighbours. */
Times time_of(double milliseconds, const std::function<void()>& body);

/** What RIPVEC_CPU_ISA names, else the best; ends the program when it cannot run here. */
ripvec::InstructionSet chosen_set();

/** GFLOP/s of one thread that multiplies and adds in registers alone, by processor time. */
double peak_of(ripvec::InstructionSet set);

/** Aligned memory of small random numbers. */
struct Floats {
  float* data;
  explicit Floats(int64_t n);
  ~Floats();
  Floats(Floats&& other) noexcept : data(other.data) { other.data = nullptr; }
  Floats(const Floats&) = delete;
};

}  // namespace bench
