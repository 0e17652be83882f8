#include "engine/weight_file.h"

#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string>

#include "engine/error.h"
#include "native-test/check.h"
#include "native-test/temporary_file.h"
#include "runtime/table_rows.h"

namespace test {
namespace {

using namespace ripvec;

/**
 * Returns the message of the error about a file that `body` throws, or an empty string if it throws
 * none.
 */
template <class Body>
std::string failure_of(const Body& body) {
  try {
    body();
  } catch (const Error& error) {
    return std::string(error.code()) == "MODEL_FILE" && !error.path.empty() ? error.what() : "?";
  }
  return "";
}

std::vector<std::byte> counting(size_t size) {
  std::vector<std::byte> bytes(size);
  for (size_t i = 0; i < size; i++) bytes[i] = static_cast<std::byte>(i * 7);
  return bytes;
}

void set_time(const std::string& path, int seconds) {
  std::filesystem::last_write_time(
      path, std::filesystem::file_time_type::clock::now() - std::chrono::seconds(seconds));
}

bool says(const std::string& message, const char* part) {
  return message.find(part) != std::string::npos;
}

#ifndef _WIN32
/** Not on Windows, where a file that is open here cannot be written to. */
void check_changes() {
  const TemporaryFile path("ripvec-weight-file", counting(100));
  set_time(path.path(), 60);
  const WeightFile file(path.path(), std::nullopt);
  const FileIdentity opened = file.identity();
  const auto check = [&] { return failure_of([&] { file.expect_unchanged(); }); };
  const auto reopen = [&] { return failure_of([&] { WeightFile(path.path(), opened); }); };
  expect(check().empty() && reopen().empty() && file.is_current(), "weight file: as it was");
  FileIdentity rounded = opened;
  rounded.modified_ns -= rounded.modified_ns % 1'000'000;
  const auto reopen_rounded = [&] { return failure_of([&] { WeightFile(path.path(), rounded); }); };
  expect(reopen_rounded().empty(), "weight file: a time in milliseconds");
  rounded.modified_ns += 1'000'000;
  expect(says(reopen_rounded(), "written to"), "weight file: another time in milliseconds");

  set_time(path.path(), 30);
  expect(says(check(), "written to") && says(reopen(), "written to") && !file.is_current(),
         "weight file: touched");
  std::filesystem::resize_file(path.path(), 50);
  expect(says(check(), "had 100 bytes, now 50"), "weight file: cut");
  std::vector<std::byte> into(60);
  const int result = file.read(0, into);
  expect(result == WeightFile::kEndOfFile, "weight file: read beyond the end");
  expect(says(failure_of([&] { file.fail(result); }), "now 50"), "weight file: why");
  expect(file.read(0, {into.data(), 50}) == 0 && into[49] == static_cast<std::byte>(49 * 7),
         "weight file: read up to the end");

  const std::string moved = path.path() + ".moved";
  std::filesystem::rename(path.path(), moved);
  path.write(counting(100));
  expect(says(reopen(), "another file"), "weight file: replaced");
  std::filesystem::remove(moved);
  std::filesystem::remove(path.path());
  expect(says(reopen(), "cannot be opened"), "weight file: gone");
  std::filesystem::create_directory(path.path());
  expect(says(reopen(), "is not a file"), "weight file: a folder");
}
#endif

void check_ranges() {
  const TemporaryFile path("ripvec-weight-file", counting(100));
  const WeightFile file(path.path(), std::nullopt);
  const auto check = [&](uint64_t offset, uint64_t length) {
    return failure_of([&] { file.expect_range(offset, length); });
  };
  expect(check(0, 100).empty() && check(100, 0).empty(), "weight file: ranges inside");
  for (const auto& [offset, length] :
       {std::pair<uint64_t, uint64_t>{0, 101}, {101, 0}, {1, ~uint64_t{0}}, {~uint64_t{0}, 1}}) {
    expect(says(check(offset, length), "ends at byte 100"), "weight file: a range outside");
  }
}

/**
 * Reads rows in any order, some of them repeatedly. They must be the rows of the file in the kept
 * dtype.
 */
void check_rows(DType storage) {
  constexpr int64_t kRows = 300, kCols = 3;
  const Floats values = Random(5).numbers(kRows * kCols);
  std::vector<std::byte> bytes(7 + values.size() * sizeof(float));
  std::memcpy(bytes.data() + 7, values.data(), bytes.size() - 7);
  const TemporaryFile path("ripvec-weight-file", bytes);
  const auto open = std::make_shared<const WeightFile>(path.path(), std::nullopt);
  const KernelTable& kernels = *kernel_table(InstructionSet::portable);
  FileTable table({open, 7, bytes.size() - 7},
                  {.dtype = DType::f32, .storage = storage, .rows = kRows, .cols = kCols}, kernels);
  const auto kept_bytes = static_cast<size_t>(kCols * byte_length_of(storage));
  std::vector<std::byte> kept(bytes.begin() + 7, bytes.end());
  Floats scales(at(kRows));
  if (storage != DType::f32) {
    kernels.narrow_rows({.src = values.data(),
                         .dtype = DType::f32,
                         .dst = kept.data(),
                         .storage = storage,
                         .scales = scales.data(),
                         .rows = kRows,
                         .cols = kCols});
  }
  ThreadPool pool(3);
  Random random(9);
  for (const size_t count : {1, 5, 31, 32, 33, 500, 2000, 2, 500}) {
    std::vector<int32_t> ids(count);
    int32_t next = 0;
    for (int32_t& id : ids) {
      const int kind = random.below(4);
      id = next = kind == 0 ? random.below(kRows) : kind == 1 ? next : (next + 1) % kRows;
    }
    const TableRows rows = table.read(pool, ids);
    bool same = true;
    for (size_t i = 0; i < count; i++) {
      const auto* row =
          static_cast<const std::byte*>(rows.stored.data) + at(rows.ids[i]) * kept_bytes;
      same = same && std::memcmp(row, &kept[at(ids[i]) * kept_bytes], kept_bytes) == 0;
      if (storage == DType::i8)
        same = same && rows.stored.scales[rows.ids[i]] == scales[at(ids[i])];
    }
    expect(same, "weight file: rows" + times(static_cast<int64_t>(count), kCols));
  }
}

void check_not_finite_rows() {
  Floats values(40 * 3, 1);
  values[at(17 * 3 + 2)] = -std::numeric_limits<float>::infinity();
  std::vector<std::byte> bytes(values.size() * sizeof(float));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  const TemporaryFile path("ripvec-weight-file", bytes);
  const auto open = std::make_shared<const WeightFile>(path.path(), std::nullopt);
  FileTable table({open, 0, bytes.size()},
                  {.dtype = DType::f32, .storage = DType::f32, .rows = 40, .cols = 3},
                  *kernel_table(InstructionSet::portable));
  ThreadPool pool(1);
  const auto read = [&](std::vector<int32_t> ids) {
    try {
      table.read(pool, ids);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  expect(read({3, 16, 18}).empty(), "weight file: rows next to one that is not finite");
  expect(says(read({3, 16, 17, 18}), "row 17, column 2 is -infinity"),
         "weight file: a row that is not finite");
}

}  // namespace

void test_weight_file() {
#ifndef _WIN32
  check_changes();
#endif
  check_ranges();
  for (const DType storage : {DType::f32, DType::bf16, DType::i8}) check_rows(storage);
  check_not_finite_rows();
}

}  // namespace test
