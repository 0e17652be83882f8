#include "runtime/panel_order.h"

#include "runtime/weight.h"

namespace ripvec {

Panels PanelOrder::use(const Weights& weights, size_t number) {
  Weight& weight = weight_of(weights, number);
  Panels panels = weight.panels();
  if (DeviceWeight* last = weights.find(last_used_)) static_cast<Weight*>(last)->follower = number;
  last_used_ = number;
  const DeviceWeight* next = weight.follower ? weights.find(*weight.follower) : nullptr;
  if (next != nullptr) panels.next = static_cast<const Weight*>(next)->bytes();
  return panels;
}

}  // namespace ripvec
