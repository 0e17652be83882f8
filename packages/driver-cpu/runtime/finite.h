#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "runtime/error.h"
#include "runtime/kernels.h"

namespace ripvec {

/** The first of n elements, at any address, that is NaN or infinity; n when all are finite. */
size_t first_not_finite(const void* elements, size_t n, DType dtype) noexcept;

/** "NaN", "infinity" or "-infinity". */
const char* name_of_not_finite(const void* element, DType dtype);

/** Error MODEL_FILE for an element that is not finite. `place`: where it stands, such as "column 3". */
Error not_finite_error(const std::string& place, const void* element, DType dtype);

}  // namespace ripvec
