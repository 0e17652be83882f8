// Makes every allocation in the life of an engine fail once. Each failure must end in an exception
// on the caller's thread or in a failed pass, and must not end the process.
#include <chrono>
#include <cstring>
#include <exception>
#include <future>
#include <memory>
#include <string>

#include "engine/engine.h"
#include "native-test/check.h"
#include "native-test/failing_new.h"
#include "native-test/temporary_file.h"
#include "runtime/cpu_device.h"

namespace test {
namespace {

using namespace ripvec;

constexpr int64_t kRows = 40, kCols = 24, kTokens = 5;

constexpr double code_of(Op op) { return static_cast<double>(op); }
constexpr double kF32 = 0;

WeightShape shape_of(Role role, DType storage) {
  const bool vector = role == Role::vector;
  return {.role = role,
          .dtype = DType::f32,
          .storage = storage,
          .rows = vector ? 1 : kRows,
          .cols = kCols,
          .name = "a name that is too long for the small buffer of a string"};
}

double weight(size_t number) { return static_cast<double>(Space::first_weight + number); }

/**
 * Looks rows of the table up by ids and multiplies them by the matrix. The result [kTokens, kRows]
 * is at the start of the arena.
 */
PassPart recorded(size_t table, size_t matrix) {
  constexpr double kAfterResult = kTokens * kRows * sizeof(float);
  PassPart part;
  part.commands = {code_of(Op::embedding_lookup),
                   kF32,
                   weight(table),
                   0,
                   Space::inputs,
                   0,
                   Space::arena,
                   kAfterResult,
                   kTokens,
                   kCols,
                   code_of(Op::linear),
                   kF32,
                   Space::arena,
                   kAfterResult,
                   weight(matrix),
                   0,
                   Space::absent,
                   0,
                   Space::arena,
                   0,
                   kTokens,
                   kCols,
                   kRows,
                   0};
  part.inputs = Memory(kTokens * sizeof(int32_t));
  const int32_t ids[kTokens] = {7, 8, 9, 7, 39};
  std::memcpy(part.inputs.data(), ids, sizeof ids);
  part.arena_bytes = kTokens * (kRows + kCols) * sizeof(float);
  return part;
}

/**
 * Creates an engine, runs a pass and closes the engine. Returns the result. Throws the error that
 * this thread or the pass got.
 */
Floats live(const std::string& path, const std::vector<std::byte>& bytes, DType storage) {
  Engine engine(std::make_unique<CpuDevice>(2, InstructionSet::portable));
  const uint64_t length = kRows * kCols * sizeof(float);
  const std::vector<Engine::FilePlace> halves{{path, 0, length / 2, {}},
                                              {path, length / 2, length - length / 2, {}}};
  const size_t matrix = engine.open_weight(shape_of(Role::matrix, storage), halves);
  const size_t table = engine.open_weight(shape_of(Role::table, storage), {{path, 0, length, {}}});
  engine.open_weight(shape_of(Role::vector, DType::f32), {{path, 0, kCols * sizeof(float), {}}});
  engine.release_weight(engine.read_weight(shape_of(Role::matrix, storage), bytes));
  auto promise = std::make_shared<std::promise<void>>();
  auto done = promise->get_future();
  const auto pass = engine.begin();
  try {
    engine.submit(
        *pass, recorded(table, matrix),
        {.place = {.space = Space::arena, .offset = 0}, .bytes = kTokens * kRows * sizeof(float)},
        [promise](const std::shared_ptr<Pass>&) { promise->set_value(); });
  } catch (...) {
    engine.abandon(*pass);
    throw;
  }
  if (done.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
    fail("allocations: a pass hangs");
    std::abort();
  }
  if (pass->failure) std::rethrow_exception(pass->failure);
  Floats result(pass->result.size() / sizeof(float));
  std::memcpy(result.data(), pass->result.data(), pass->result.size());
  return result;
}

void check_storage(DType storage) {
  const Floats values = Random(3).numbers(kRows * kCols);
  std::vector<std::byte> bytes(values.size() * sizeof(float));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  const TemporaryFile file("ripvec-allocations", bytes);
  const Floats expected = live(file.path(), bytes, storage);
  expect(expected.size() == kTokens * kRows, "allocations: a life without failures");
  long n = 0;
  bool failed = true;
  for (; failed && n < 10'000; n++) {
    Floats result;
    bool threw = false;
    fail_allocation(n);
    try {
      result = live(file.path(), bytes, storage);
    } catch (const std::exception&) {
      threw = true;
    }
    failed = allocation_failed();
    fail_allocation(-1);
    expect(threw || same_bits(result, expected), "allocations: neither failed nor right");
  }
  expect(n > 40 && !failed, "allocations: all of them were made to fail");
}

}  // namespace

void test_allocations() {
  check_storage(DType::f32);
  check_storage(DType::i8);
}

}  // namespace test
