#pragma once

#include <cstddef>

#include "engine/weights.h"
#include "runtime/device_types.h"

namespace ripvec {

/**
 * Records the order in which passes use the matrices of a model. Passes repeat this order, so the
 * matrix that followed another one last time is expected to follow it again and is prefetched.
 */
class PanelOrder {
 public:
  /** Records that a matrix is used and returns its panels; `next` is the matrix expected to follow.
   * Throws the same errors as Weight::panels. */
  Panels use(const Weights& weights, size_t number);

 private:
  size_t last_used_ = 0;
};

}  // namespace ripvec
