#include "runtime/command.h"

namespace ripvec {

const Weight* Command::weight(size_t tensor) const {
  const int64_t number = space(tensor) - Space::first_weight;
  return number < 0 ? nullptr : &memory_.weights.get(static_cast<size_t>(number));
}

void* Command::raw(size_t tensor) const {
  if (const Weight* of = weight(tensor)) return const_cast<float*>(of->vector());
  const auto offset = static_cast<size_t>(words_[2 * tensor + 1]);
  switch (space(tensor)) {
    case Space::arena:
      return memory_.arena + offset;
    case Space::inputs:
      return memory_.inputs + offset;
    default:
      return nullptr;
  }
}

Table Command::table(size_t tensor) const {
  if (const Weight* of = weight(tensor)) return of->table();
  return {.data = raw(tensor), .dtype = DType::f32};
}

MatrixOperand Command::matrix(size_t tensor) const {
  const int64_t number = space(tensor) - Space::first_weight;
  if (number >= 0) {
    return {.plain = nullptr, .packed = memory_.weights.use_panels(static_cast<size_t>(number))};
  }
  return {.plain = in(tensor), .packed = {}};
}

}  // namespace ripvec
