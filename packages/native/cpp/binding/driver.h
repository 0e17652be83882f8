#pragma once

#include <napi.h>

#include <memory>
#include <span>

#include "engine/device.h"
#include "generated/op_list.h"

// What the addon of a driver defines, in a binding file of its own. All of it is called on the
// thread of JavaScript.
namespace ripvec {

/** The ops that the driver has kernels for. */
std::span<const Op> driver_kernels();

/**
 * The device for `new Engine(options)`. `facts` is the Engine object, on which it may set
 * properties that say what it has chosen. Throws Error, std::exception or Napi::Error when there is
 * no such device.
 */
std::unique_ptr<Device> make_device(const Napi::Object& options, Napi::Object facts);

/** Adds what only this driver's addon exports. */
void add_exports(Napi::Env env, Napi::Object exports);

}  // namespace ripvec
