#pragma once

#include <cstddef>

#include "engine/weights.h"
#include "runtime/device_types.h"

namespace ripvec {

/**
 * Remembers in which order passes use the matrices of a model, which is the same again and again:
 * what followed a matrix before is taken to follow it next, and is fetched ahead.
 */
class PanelOrder {
 public:
  /** The panels of a matrix that is used now, with those that follow it as `next`. Throws as
   * Weight::panels. */
  Panels use(const Weights& weights, size_t number);

 private:
  size_t last_used_ = 0;
};

}  // namespace ripvec
