#pragma once

#include <napi.h>

#include <memory>
#include <span>

#include "engine/device.h"
#include "generated/op_list.h"

// The functions that a driver's addon defines in its own binding file. All of them are called on
// the JavaScript thread.
namespace ripvec {

/** The ops that the driver has kernels for. */
std::span<const Op> driver_kernels();

/**
 * Makes the device for `new Engine(options)`. `facts` is the Engine object; the function may set
 * properties on it that describe its choices. Throws Error, std::exception or Napi::Error if there
 * is no such device.
 */
std::unique_ptr<Device> make_device(const Napi::Object& options, Napi::Object facts);

/** Adds the exports that only this driver's addon has. */
void add_exports(Napi::Env env, Napi::Object exports);

}  // namespace ripvec
