#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/error.h"
#include "runtime/kernels.h"

namespace ripvec {

/** The index of the first of n elements, at any alignment, that is NaN or infinite; n if all are
 * finite. */
size_t first_not_finite(const void* elements, size_t n, DType dtype) noexcept;

/** Returns "NaN", "infinity" or "-infinity". */
const char* name_of_not_finite(const void* element, DType dtype);

/** Returns "NaN", "infinity", "-infinity" or the value with nine significant digits. */
std::string text_of(float value);

/** The index of the first of n elements of f32, f16 or bf16 that is not finite or that `storage`
 * rounds to infinity; n if there is none. */
size_t first_misfit(const void* elements, size_t n, DType dtype, DType storage) noexcept;

/** Error MODEL_FILE for such an element. `place` is its position, such as "column 3". */
Error misfit_error(const std::string& place, const void* element, DType dtype, DType storage);

}  // namespace ripvec
