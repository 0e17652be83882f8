#include "binding/driver.h"
#include "runtime/toy_device.h"

namespace ripvec {

std::span<const Op> driver_kernels() {
  static const std::vector<Op> kernels = [] {
    std::vector<Op> ops;
#define TOY_ADD(name, Params) \
  if constexpr (HasKernel<Params>) ops.push_back(Op::name);
    RIPVEC_OPS(TOY_ADD)
#undef TOY_ADD
    return ops;
  }();
  return kernels;
}

std::unique_ptr<Device> make_device(const Napi::Object&, Napi::Object) {
  return std::make_unique<ToyDevice>();
}

void add_exports(Napi::Env, Napi::Object) {}

}  // namespace ripvec
