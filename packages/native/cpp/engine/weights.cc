#include "engine/weights.h"

#include <utility>

#include "engine/error.h"

namespace ripvec {

void Weights::put(Map::node_type weight) { weights_.insert(std::move(weight)); }

void Weights::release(size_t number) { weights_.erase(number); }

DeviceWeight& Weights::get(size_t number) const {
  DeviceWeight* weight = find(number);
  if (weight == nullptr) throw device_error("a weight is used after it was released");
  return *weight;
}

DeviceWeight* Weights::find(size_t number) const {
  const auto found = weights_.find(number);
  return found == weights_.end() ? nullptr : found->second.get();
}

size_t Weights::memory_bytes() const {
  size_t bytes = 0;
  for (const auto& [number, weight] : weights_) bytes += weight->memory_bytes();
  return bytes;
}

}  // namespace ripvec
