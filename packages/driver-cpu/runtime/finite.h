#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/error.h"
#include "runtime/kernels.h"

namespace ripvec {

/** The first of n elements, at any address, that is NaN or infinity; n when all are finite. */
size_t first_not_finite(const void* elements, size_t n, DType dtype) noexcept;

/** "NaN", "infinity" or "-infinity". */
const char* name_of_not_finite(const void* element, DType dtype);

/** "NaN", "infinity", "-infinity" or nine digits. */
std::string text_of(float value);

/** The first of n elements of f32, f16 or bf16 that is not finite, or that `storage` rounds to
 * infinity; n when there is none. */
size_t first_misfit(const void* elements, size_t n, DType dtype, DType storage) noexcept;

/** Error MODEL_FILE for such an element. `place`: where it stands, such as "column 3". */
Error misfit_error(const std::string& place, const void* element, DType dtype, DType storage);

}  // namespace ripvec
