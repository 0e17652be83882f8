#pragma once

#include <atomic>
#include <span>

#include "engine/device.h"

namespace ripvec {

/**
 * Runs the commands of a part of a pass, one after the other. Throws what the device throws, and
 * Error DEVICE when the stream is not of this addon's version or `cancelled` was set. What was
 * computed until then is lost.
 */
void run_program(std::span<const double> commands, Device& device, const Weights& weights,
                 const std::atomic<bool>& cancelled);

}  // namespace ripvec
