#include "binding/driver.h"
#include "runtime/host_device.h"

namespace ripvec {

std::span<const Op> driver_kernels() {
  static const std::vector<Op> kernels = [] {
    std::vector<Op> ops;
#define ADD_KERNEL(name, Params) \
  if constexpr (HasKernel<Params>) ops.push_back(Op::name);
    RIPVEC_OPS(ADD_KERNEL)
#undef ADD_KERNEL
    return ops;
  }();
  return kernels;
}

std::unique_ptr<Device> make_device(const Napi::Object&, Napi::Object) {
  return std::make_unique<HostDevice>();
}

void add_exports(Napi::Env, Napi::Object) {}

}  // namespace ripvec
