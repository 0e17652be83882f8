#include "runtime/operands.h"

#include "runtime/weight.h"

namespace ripvec {

void* Operands::raw(Place place) const {
  if (const auto number = place.weight()) {
    return const_cast<float*>(weight_of(weights_, *number).vector());
  }
  if (place.is_absent()) return nullptr;
  return (place.space == Space::arena ? arena_ : inputs_) + place.offset;
}

Matrix Operands::matrix(Place place) const {
  if (const auto number = place.weight()) return {.packed = order_.use(weights_, *number)};
  return {.plain = input(place)};
}

Table Operands::table(Place place) const {
  if (const auto number = place.weight()) return {.weight = &weight_of(weights_, *number)};
  return {.stored = {.data = raw(place)}};
}

TableRows Table::rows(ThreadPool& pool, Ids ids, int64_t count) const {
  if (weight == nullptr) return {.stored = stored, .ids = ids};
  return weight->rows(pool, {ids, static_cast<size_t>(count)});
}

}  // namespace ripvec
