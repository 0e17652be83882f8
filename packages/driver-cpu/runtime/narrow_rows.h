#pragma once

#include "runtime/kernels.h"

namespace ripvec::RIPVEC_ISA {

/** Implements `KernelTable::narrow_rows`. */
bool narrow_rows(const NarrowRows& args);

}  // namespace ripvec::RIPVEC_ISA
