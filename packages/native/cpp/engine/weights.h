#pragma once

#include <cstddef>
#include <map>
#include <memory>

namespace ripvec {

/** A weight in the form in which a device keeps it. */
class DeviceWeight {
 public:
  virtual ~DeviceWeight() = default;
  /** The bytes of memory that it holds on the host and on the device, without its files. */
  virtual size_t memory_bytes() const = 0;
};

/** The weights of an engine by number. Only the engine's thread uses it. */
class Weights {
 public:
  using Map = std::map<size_t, std::unique_ptr<DeviceWeight>>;

  /** Moves an entry here from another map. This allocates nothing. */
  void put(Map::node_type weight);
  /** Destroys the weight. Does nothing if it was already released. */
  void release(size_t number);
  /** Throws Error DEVICE if the weight was released. */
  DeviceWeight& get(size_t number) const;
  /** Returns null if the weight was released. */
  DeviceWeight* find(size_t number) const;
  size_t memory_bytes() const;
  void clear() { weights_.clear(); }

 private:
  Map weights_;
};

}  // namespace ripvec
