#include "runtime/command.h"

namespace ripvec {

Weight* Command::weight(size_t tensor) const {
  const int64_t number = space(tensor) - Space::first_weight;
  return number < 0 ? nullptr : &memory_.weights.get(static_cast<size_t>(number));
}

void* Command::raw(size_t tensor) const {
  if (Weight* of = weight(tensor)) return const_cast<float*>(of->vector());
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

TableRows Command::rows(ThreadPool& pool, size_t table, size_t ids, int64_t count) const {
  const int32_t* numbers = this->ids(ids);
  if (Weight* of = weight(table)) {
    return of->rows(pool, {numbers, static_cast<size_t>(count)});
  }
  return {.table = {.data = raw(table), .dtype = DType::f32}, .ids = numbers};
}

MatrixOperand Command::matrix(size_t tensor) const {
  const int64_t number = space(tensor) - Space::first_weight;
  if (number >= 0) {
    return {.plain = nullptr, .packed = memory_.weights.use_panels(static_cast<size_t>(number))};
  }
  return {.plain = in(tensor), .packed = {}};
}

}  // namespace ripvec
