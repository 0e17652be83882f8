#include "runtime/weights.h"

#include <memory>
#include <utility>

#include "native-test/check.h"
#include "runtime/error.h"

namespace test {
namespace {

using namespace ripvec;

template <class Body>
bool throws(const Body& body) {
  try {
    body();
  } catch (const Error&) {
    return true;
  }
  return false;
}

std::unique_ptr<Weight> read(Role role, int64_t rows, int64_t cols, size_t bytes,
                             DType storage = DType::f32) {
  ThreadPool pool(1);
  Slabs slabs;
  const std::vector<std::byte> data(bytes);
  return Weight::read({.role = role,
                       .dtype = DType::f32,
                       .storage = storage,
                       .rows = rows,
                       .cols = cols,
                       .name = "w"},
                      data, *kernel_table(InstructionSet::portable), pool, slabs);
}

}  // namespace

void test_weights() {
  // Numbers only grow: what weights cost must depend on how many there are, not on how many were.
  const size_t late = size_t{1} << 45;
  Weights weights;
  weights.put(late, read(Role::vector, 1, 6, 24));
  expect(weights.get(late).vector() != nullptr && weights.memory_bytes() == 24, "weights: put");
  expect(throws([&] { weights.get(late - 1); }), "weights: a number never used");
  weights.release(late);
  weights.release(late);
  expect(throws([&] { weights.get(late); }) && weights.memory_bytes() == 0, "weights: release");
  for (const Role role : {Role::matrix, Role::table, Role::vector}) {
    expect(throws([&] { read(role, 2, 3, 23); }), "weights: too few bytes");
    expect(throws([&] { read(role, 2, 3, 25); }), "weights: too many bytes");
  }
  const size_t f32 = read(Role::matrix, 64, 384, 64 * 384 * 4)->memory_bytes();
  for (const DType storage : {DType::f16, DType::bf16, DType::i8}) {
    const size_t parts = storage == DType::i8 ? 4 : 2;
    const size_t bytes = read(Role::matrix, 64, 384, 64 * 384 * 4, storage)->memory_bytes();
    expect(bytes >= f32 / parts && bytes < f32 / parts + f32 / 100, "weights: bytes kept");
  }
}

}  // namespace test
