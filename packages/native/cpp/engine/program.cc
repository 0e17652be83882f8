#include "engine/program.h"

#include <iterator>

#include "engine/error.h"

namespace ripvec {

void run_program(std::span<const double> commands, Device& device, const Weights& weights,
                 const std::atomic<bool>& cancelled) {
  size_t at = 0;
  while (at < commands.size()) {
    if (cancelled.load(std::memory_order_relaxed)) throw device_error("the engine is closed");
    const double code = commands[at];
    if (!(code >= 0 && code < static_cast<double>(std::size(kOps)))) {
      throw device_error("unknown command in a pass");
    }
    const OpInfo& op = kOps[static_cast<size_t>(code)];
    const size_t words = Command::kHead + 2 * op.tensors + op.numbers;
    if (words > commands.size() - at) throw device_error("a pass ends inside a command");
    device.run(Command(commands.subspan(at, words)), weights);
    at += words;
  }
}

}  // namespace ripvec
