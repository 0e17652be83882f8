#pragma once

#include <atomic>
#include <span>

#include "engine/device.h"

namespace ripvec {

/**
 * Runs the commands of a part of a pass in order. Throws the errors of the device, and Error DEVICE
 * if the stream is not valid for this version of the addon or `cancelled` is set. The results of
 * the earlier commands are then lost.
 */
void run_program(std::span<const double> commands, Device& device, const Weights& weights,
                 const std::atomic<bool>& cancelled);

}  // namespace ripvec
