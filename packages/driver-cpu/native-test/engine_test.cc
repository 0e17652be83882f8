#include "engine/engine.h"

#include <future>
#include <memory>

#include "engine/error.h"
#include "native-test/check.h"
#include "runtime/cpu_device.h"

namespace test {
namespace {

using namespace ripvec;

constexpr size_t kBytes = 256;

std::unique_ptr<Device> device(int threads) {
  return std::make_unique<CpuDevice>(threads, InstructionSet::portable);
}

/** `fill`: `value` in every byte of a block of the arena. */
PassPart filling(size_t block, uint8_t value) {
  constexpr double kFill = 0, kF32 = 0;
  return {.commands = {kFill, kF32, Space::arena, static_cast<double>(block * kBytes), kBytes,
                       static_cast<double>(value)},
          .inputs = {},
          .arena_bytes = (block + 1) * kBytes};
}

/** Submits a pass that results in a block. The future has the finished pass. */
std::future<std::shared_ptr<Pass>> submit(Engine& engine, Pass& pass, PassPart part, size_t block) {
  auto promise = std::make_shared<std::promise<std::shared_ptr<Pass>>>();
  engine.submit(pass, std::move(part),
                {.place = {.space = Space::arena, .offset = block * kBytes}, .bytes = kBytes},
                [promise](std::shared_ptr<Pass> done) { promise->set_value(std::move(done)); });
  return promise->get_future();
}

bool holds(const Pass& pass, uint8_t value) {
  if (pass.failure || pass.result.size() != kBytes) return false;
  for (size_t i = 0; i < kBytes; i++) {
    if (pass.result.data()[i] != static_cast<std::byte>(value)) return false;
  }
  return true;
}

/** Passes of several parts, of which the first block is the result, and abandoned ones between
 * them. The arena grows with every part of the longest. */
void check_parts() {
  Engine engine(device(2));
  std::vector<std::future<std::shared_ptr<Pass>>> results;
  for (size_t round = 0; round < 200; round++) {
    const auto pass = engine.begin();
    engine.feed(*pass, filling(0, static_cast<uint8_t>(round)));
    for (size_t block = 1; block < round % 7; block++)
      engine.feed(*pass, filling(block * round, 1));
    if (round % 3 == 1) {
      engine.abandon(*pass);
    } else {
      results.push_back(submit(engine, *pass, filling(1, 2), 0));
    }
    if (round % 10 == 0) results.back().wait();
  }
  size_t round = 0;
  for (auto& result : results) {
    expect(holds(*result.get(), static_cast<uint8_t>(round)), "engine: a pass in parts");
    round += round % 3 == 0 ? 2 : 1;
  }
}

/** Of two passes that have begun, the second may be whole before the first. */
void check_interleaved() {
  Engine engine(device(1));
  const auto outer = engine.begin();
  engine.feed(*outer, filling(0, 3));
  auto inner = submit(engine, *engine.begin(), filling(0, 4), 0);
  engine.feed(*outer, filling(1, 5));
  auto result = submit(engine, *outer, filling(2, 6), 0);
  expect(holds(*result.get(), 3) && holds(*inner.get(), 4), "engine: interleaved passes");
}

/** A part that fails spoils its pass alone, which goes to `done` once it is submitted. */
void check_failure() {
  Engine engine(device(1));
  const auto pass = engine.begin();
  engine.feed(*pass, {.commands = {1e9}, .inputs = {}, .arena_bytes = 0});
  engine.feed(*pass, filling(0, 1));
  auto failed = submit(engine, *pass, filling(0, 1), 0);
  auto next = submit(engine, *engine.begin(), filling(0, 2), 0);
  expect(failed.get()->failure != nullptr, "engine: a part that fails");
  expect(holds(*next.get(), 2), "engine: the pass behind one that failed");
}

/** Closed while a pass waits for its next part: it ends, the ones behind it fail, later calls
 * throw. */
void check_close() {
  for (int round = 0; round < 50; round++) {
    Engine engine(device(2));
    const auto fed = engine.begin();
    engine.feed(*fed, filling(0, 1));
    auto behind = submit(engine, *engine.begin(), filling(0, 2), 0);
    engine.begin();
    engine.close();
    expect(behind.get()->failure != nullptr, "engine: a pass behind when it closes");
    bool refused = false;
    try {
      engine.feed(*fed, filling(0, 1));
    } catch (const Error&) {
      refused = true;
    }
    expect(refused, "engine: fed after close");
    engine.abandon(*fed);
  }
}

}  // namespace

void test_engine() {
  check_parts();
  check_interleaved();
  check_failure();
  check_close();
}

}  // namespace test
