// The kernels of this driver: those of the template, and relu.
#pragma once

#include "template/required_kernels.h"

namespace ripvec {

/** out = max(x, 0); NaN stays NaN. */
inline void kernel(const Relu& p) {
  each(p.size, [&](int64_t i) { p.out[i] = p.x[i] < 0 ? 0 : p.x[i]; });
}

}  // namespace ripvec
