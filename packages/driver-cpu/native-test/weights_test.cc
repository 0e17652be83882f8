#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "engine/error.h"
#include "native-test/check.h"
#include "native-test/temporary_file.h"
#include "runtime/pack_ranges.h"
#include "runtime/panel_order.h"
#include "runtime/weight.h"

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
                             DType storage = DType::f32,
                             const KernelTable& kernels = *kernel_table(InstructionSet::portable)) {
  ThreadPool pool(1);
  Slabs slabs;
  const std::vector<std::byte> data(bytes);
  return Weight::read({.role = role,
                       .dtype = DType::f32,
                       .storage = storage,
                       .rows = rows,
                       .cols = cols,
                       .name = "w"},
                      data, {}, kernels, pool, slabs);
}

/**
 * Packs matrices from pieces of a file, some of which end inside a row. The bytes must be those of
 * a matrix that is packed from memory.
 */
void test_pack_ranges(const Subject& subject, DType storage, int64_t n, int64_t k) {
  const Floats weights = Random(7).numbers(n * k);
  const size_t bytes = weights.size() * sizeof(float);
  std::vector<std::byte> content(3 + bytes);
  std::memcpy(content.data() + 3, weights.data(), bytes);
  const TemporaryFile file("ripvec-pack-ranges", content);
  const auto open = std::make_shared<const WeightFile>(file.path(), std::nullopt);
  const size_t cut = bytes / 3, late = bytes - 2;
  const std::vector<FileRange> ranges{
      {open, 3, cut}, {open, 9, 0}, {open, 3 + cut, late - cut}, {open, 3 + late, 2}};
  const auto size = at(packed_bytes(subject.kernels, storage, n, k));
  Memory expected(size);
  PackMatrix args = {.src = weights.data(),
                     .dtype = DType::f32,
                     .storage = storage,
                     .dst = expected.data(),
                     .n = n,
                     .k = k};
  pack(subject.kernels, *subject.pools.front(), args);
  for (ThreadPool* pool : subject.pools) {
    Memory packed(size);
    args.dst = packed.data();
    const bool fits = pack_ranges(subject.kernels, *pool, ranges, args);
    expect(fits && std::memcmp(packed.data(), expected.data(), size) == 0,
           "weights: packed from a file" + times(n, k));
  }
}

/**
 * Packs rows that are in 8 bits already, from an odd address and from a file. The result must be
 * that of packing from f32.
 */
void test_pack_bytes(const Subject& subject, int64_t n, int64_t k) {
  const Floats weights = Random(8).numbers(n * k);
  std::vector<std::byte> content(1 + at(n * k));
  Floats scales(at(n));
  subject.kernels.narrow_rows({.src = weights.data(),
                               .dtype = DType::f32,
                               .dst = content.data() + 1,
                               .storage = DType::i8,
                               .scales = scales.data(),
                               .rows = n,
                               .cols = k});
  const auto size = at(packed_bytes(subject.kernels, DType::i8, n, k));
  Memory expected(size), packed(size), read(size);
  PackMatrix args = {.src = weights.data(),
                     .dtype = DType::f32,
                     .storage = DType::i8,
                     .dst = expected.data(),
                     .n = n,
                     .k = k};
  pack(subject.kernels, *subject.pools.front(), args);
  args.dtype = DType::i8;
  args.src = content.data() + 1;
  args.scales = scales.data();
  args.dst = packed.data();
  const bool fits = pack(subject.kernels, *subject.pools.back(), args);
  const TemporaryFile file("ripvec-pack-bytes", content);
  const auto open = std::make_shared<const WeightFile>(file.path(), std::nullopt);
  const std::vector<FileRange> ranges{{open, 1, at(n * k)}};
  args.dst = read.data();
  expect(fits && pack_ranges(subject.kernels, *subject.pools.back(), ranges, args) &&
             std::memcmp(packed.data(), expected.data(), size) == 0 &&
             std::memcmp(read.data(), expected.data(), size) == 0,
         "weights: packed from bytes" + times(n, k));
}

}  // namespace

void test_packing(const Subject& subject) {
  for (const auto& [n, k] : {std::pair{1, 1}, {31, 5}, {32, 64}, {33, 40}, {200, 129}}) {
    test_pack_bytes(subject, n, k);
  }
  for (const DType storage : {DType::f32, DType::f16, DType::bf16, DType::i8}) {
    for (const auto& [n, k] : {std::pair{1, 1}, {31, 5}, {32, 17}, {33, 40}, {200, 129}}) {
      test_pack_ranges(subject, storage, n, k);
    }
  }
}

void put(Weights& weights, size_t number, std::unique_ptr<Weight> weight) {
  Weights::Map made;
  made.emplace(number, std::move(weight));
  weights.put(made.extract(number));
}

/** After one pass over the weights of a model the order must know which weight follows each. */
void test_followers() {
  Weights weights;
  PanelOrder order;
  for (size_t number = 3; number < 6; number++) {
    put(weights, number, read(Role::matrix, 32, 4, 32 * 4 * 4));
  }
  const auto next = [&](size_t number) { return order.use(weights, number).next.data(); };
  const auto data = [&](size_t number) { return weight_of(weights, number).bytes().data(); };
  expect(next(3) == nullptr && next(4) == nullptr && next(5) == nullptr, "weights: a first pass");
  expect(next(3) == data(4) && next(4) == data(5) && next(5) == data(3), "weights: followers");
  weights.release(4);
  expect(next(3) == nullptr && next(5) == data(3), "weights: a released follower");
}

bool refuse_matrix(ThreadPool&, const PackMatrix&) { return false; }
bool refuse_rows(const NarrowRows&) { return false; }

/**
 * Bytes in shared memory may change. If a kernel finds a value that does not fit, and the search
 * for its place then finds none, an error must be thrown all the same.
 */
void test_bytes_that_change() {
  KernelTable kernels = *kernel_table(InstructionSet::portable);
  Int8Kernels i8 = *kernels.i8;
  i8.pack = refuse_matrix;
  kernels.i8 = &i8;
  kernels.pack_matrix = refuse_matrix;
  kernels.narrow_rows = refuse_rows;
  for (const DType storage : {DType::f32, DType::f16, DType::bf16, DType::i8}) {
    for (const Role role : {Role::matrix, Role::table}) {
      if (role == Role::table && storage == DType::f32) continue;
      expect(throws([&] { read(role, 2, 3, 24, storage, kernels); }), "weights: changing bytes");
    }
  }
}

void test_weights() {
  test_followers();
  test_bytes_that_change();
  // The numbers of weights only grow. The cost must depend on how many weights there are, and not
  // on how many there have been.
  const size_t late = size_t{1} << 45;
  Weights weights;
  put(weights, late, read(Role::vector, 1, 6, 24));
  expect(weight_of(weights, late).vector() != nullptr && weights.memory_bytes() == 24,
         "weights: put");
  expect(throws([&] { weights.get(late - 1); }), "weights: a number never used");
  weights.release(late);
  weights.release(late);
  expect(throws([&] { weights.get(late); }) && weights.memory_bytes() == 0, "weights: release");
  for (const Role role : {Role::matrix, Role::table, Role::vector}) {
    expect(throws([&] { read(role, 2, 3, 23); }), "weights: too few bytes");
    expect(throws([&] { read(role, 2, 3, 25); }), "weights: too many bytes");
  }
  const size_t table = read(Role::table, 64, 384, 64 * 384 * 4, DType::i8)->memory_bytes();
  expect(table == 64 * (384 + 4), "weights: bytes kept of a table in i8");
  const size_t f32 = read(Role::matrix, 64, 384, 64 * 384 * 4)->memory_bytes();
  for (const DType storage : {DType::f16, DType::bf16, DType::i8}) {
    const size_t parts = storage == DType::i8 ? 4 : 2;
    const size_t bytes = read(Role::matrix, 64, 384, 64 * 384 * 4, storage)->memory_bytes();
    expect(bytes >= f32 / parts && bytes < f32 / parts + f32 / 100, "weights: bytes kept");
  }
}

}  // namespace test
