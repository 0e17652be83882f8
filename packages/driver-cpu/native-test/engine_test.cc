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

/** A part with one `fill`, which sets every byte of a block of the arena to `value`. */
PassPart filling(size_t block, uint8_t value) {
  constexpr double kFill = 0, kF32 = 0;
  return {.commands = {kFill, kF32, Space::arena, static_cast<double>(block * kBytes), kBytes,
                       static_cast<double>(value)},
          .inputs = {},
          .arena_bytes = (block + 1) * kBytes};
}

/** Submits a pass whose result is a block. The future resolves with the finished pass. */
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

/**
 * Runs passes of several parts, whose result is the first block, with abandoned passes between
 * them. The arena grows with every part of the longest pass.
 */
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

/** When two passes have begun, the second may be submitted before the first. */
void check_interleaved() {
  Engine engine(device(1));
  const auto outer = engine.begin();
  engine.feed(*outer, filling(0, 3));
  auto inner = submit(engine, *engine.begin(), filling(0, 4), 0);
  engine.feed(*outer, filling(1, 5));
  auto result = submit(engine, *outer, filling(2, 6), 0);
  expect(holds(*result.get(), 3) && holds(*inner.get(), 4), "engine: interleaved passes");
}

/** A part that fails must spoil only its own pass, which goes to `done` once it is submitted. */
void check_failure() {
  Engine engine(device(1));
  const auto pass = engine.begin();
  engine.feed(*pass, {.commands = {1e9}, .inputs = {}, .arena_bytes = 0});
  engine.feed(*pass, filling(0, 1));
  auto failed = submit(engine, *pass, filling(0, 1), 0);
  auto next = submit(engine, *engine.begin(), filling(0, 2), 0);
  expect(failed.get()->failure != nullptr, "engine: a part that fails");
  expect(holds(*next.get(), 2), "engine: the pass after one that failed");
}

/**
 * Closes the engine while a pass waits for its next part. That pass must end, the passes after it
 * must fail, and later calls must throw.
 */
void check_close() {
  for (int round = 0; round < 50; round++) {
    Engine engine(device(2));
    const auto fed = engine.begin();
    engine.feed(*fed, filling(0, 1));
    auto later = submit(engine, *engine.begin(), filling(0, 2), 0);
    engine.begin();
    engine.close();
    expect(later.get()->failure != nullptr, "engine: a later pass when it closes");
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
