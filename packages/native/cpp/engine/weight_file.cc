#include "engine/weight_file.h"

#include <algorithm>
#include <string>
#include <system_error>

#include "engine/error.h"

namespace ripvec {

namespace {

Error file_error(const std::string& path, const std::string& message) {
  Error error = model_file_error(message);
  error.path = path;
  return error;
}

Error system_failure(const std::string& path, const char* what, int failure) {
  return file_error(path, std::string(what) + ": " + std::system_category().message(failure));
}

Error changed(const std::string& path, const FileIdentity& was, const FileIdentity& is) {
  std::string how = "it was written to";
  if (was.device != is.device || was.inode != is.inode) {
    how = "another file has its name";
  } else if (was.size != is.size) {
    how = "it had " + std::to_string(was.size) + " bytes, now " + std::to_string(is.size);
  }
  return file_error(path,
                    "was changed after the model was opened (" + how + "): open the model again");
}

}  // namespace

}  // namespace ripvec

#ifndef _WIN32

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace ripvec {

namespace {

FileIdentity identity_of(const struct stat& facts) {
#ifdef __APPLE__
  const struct timespec& modified = facts.st_mtimespec;
#else
  const struct timespec& modified = facts.st_mtim;
#endif
  return {.device = static_cast<uint64_t>(facts.st_dev),
          .inode = static_cast<uint64_t>(facts.st_ino),
          .size = static_cast<uint64_t>(facts.st_size),
          .modified_ns = int64_t{modified.tv_sec} * 1'000'000'000 + modified.tv_nsec};
}

int last_failure() { return errno; }

}  // namespace

// The file is opened with O_NONBLOCK, so that this does not block if the path now names a pipe.
WeightFile::WeightFile(const std::string& path)
    : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  if (file_ < 0) throw system_failure(path, "cannot be opened", last_failure());
}

WeightFile::~WeightFile() { ::close(file_); }

FileIdentity WeightFile::current() const {
  struct stat facts = {};
  if (::fstat(file_, &facts) != 0) throw system_failure(path_, "cannot be read", last_failure());
  if (!S_ISREG(facts.st_mode)) throw file_error(path_, "is not a file");
  return identity_of(facts);
}

int WeightFile::read(uint64_t offset, std::span<std::byte> into) const noexcept {
  while (!into.empty()) {
    const ssize_t count = ::pread(file_, into.data(), into.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return last_failure();
    if (count == 0) return kEndOfFile;
    offset += static_cast<uint64_t>(count);
    into = into.subspan(static_cast<size_t>(count));
  }
  return 0;
}

bool WeightFile::is_current() const {
  struct stat facts = {};
  return ::stat(path_.c_str(), &facts) == 0 && identity_of(facts) == identity_;
}

}  // namespace ripvec

#else  // _WIN32

#ifndef NOMINMAX
#define NOMINMAX
#endif
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <filesystem>

namespace ripvec {

namespace {

int last_failure() { return static_cast<int>(::GetLastError()); }

/** While the file is open, other processes may rename and delete it, but not write to it. */
HANDLE open_for_reading(const std::string& path) {
  const std::u8string utf8(path.begin(), path.end());
  return ::CreateFileW(std::filesystem::path(utf8).c_str(), GENERIC_READ,
                       FILE_SHARE_READ | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                       FILE_ATTRIBUTE_NORMAL, nullptr);
}

uint64_t joined(DWORD high, DWORD low) { return (uint64_t{high} << 32) | low; }

std::optional<FileIdentity> identity_of(HANDLE file) {
  BY_HANDLE_FILE_INFORMATION facts = {};
  if (!::GetFileInformationByHandle(file, &facts)) return std::nullopt;
  /** The start of 1970 in units of 100 ns since 1601. */
  constexpr int64_t kUnixEpoch = 116'444'736'000'000'000;
  const FILETIME& time = facts.ftLastWriteTime;
  const auto written = static_cast<int64_t>(joined(time.dwHighDateTime, time.dwLowDateTime));
  return FileIdentity{.device = facts.dwVolumeSerialNumber,
                      .inode = joined(facts.nFileIndexHigh, facts.nFileIndexLow),
                      .size = joined(facts.nFileSizeHigh, facts.nFileSizeLow),
                      .modified_ns = (written - kUnixEpoch) * 100};
}

}  // namespace

WeightFile::WeightFile(const std::string& path) : path_(path), file_(open_for_reading(path)) {
  if (file_ == INVALID_HANDLE_VALUE) {
    throw system_failure(path, "cannot be opened", last_failure());
  }
}

WeightFile::~WeightFile() { ::CloseHandle(file_); }

FileIdentity WeightFile::current() const {
  const auto identity = identity_of(file_);
  if (!identity) throw system_failure(path_, "cannot be read", last_failure());
  return *identity;
}

int WeightFile::read(uint64_t offset, std::span<std::byte> into) const noexcept {
  while (!into.empty()) {
    OVERLAPPED place = {};
    place.Offset = static_cast<DWORD>(offset);
    place.OffsetHigh = static_cast<DWORD>(offset >> 32);
    const auto size = static_cast<DWORD>(std::min<size_t>(into.size(), 1 << 30));
    DWORD count = 0;
    if (!::ReadFile(file_, into.data(), size, &count, &place)) {
      return last_failure() == ERROR_HANDLE_EOF ? kEndOfFile : last_failure();
    }
    if (count == 0) return kEndOfFile;
    offset += count;
    into = into.subspan(count);
  }
  return 0;
}

bool WeightFile::is_current() const {
  HANDLE file = open_for_reading(path_);
  if (file == INVALID_HANDLE_VALUE) return false;
  const auto identity = identity_of(file);
  ::CloseHandle(file);
  return identity == identity_;
}

}  // namespace ripvec

#endif

namespace ripvec {

namespace {

/** Deno reports times in whole milliseconds. */
constexpr int64_t kNsPerMs = 1'000'000;

/**
 * The part of `identity` that a runtime reports too. On Windows Node does not report the same
 * number for the volume on every version. If the reported time is in whole milliseconds, so is the
 * time of the result.
 */
FileIdentity comparable(FileIdentity identity, const FileIdentity& reported) {
#ifdef _WIN32
  identity.device = reported.device;
#endif
  if (reported.modified_ns % kNsPerMs == 0) identity.modified_ns -= identity.modified_ns % kNsPerMs;
  return identity;
}

}  // namespace

WeightFile::WeightFile(const std::string& path, const std::optional<FileIdentity>& expected)
    : WeightFile(path) {
  identity_ = current();
  if (!expected) return;
  if (comparable(identity_, *expected) != *expected) throw changed(path, *expected, identity_);
}

void WeightFile::expect_unchanged() const {
  const FileIdentity now = current();
  if (now != identity_) throw changed(path_, identity_, now);
}

void WeightFile::expect_range(uint64_t offset, uint64_t length) const {
  const uint64_t size = identity_.size;
  if (offset <= size && length <= size - offset) return;
  throw file_error(path_, "the file ends at byte " + std::to_string(size) +
                              ", but the tensor ends at byte " + std::to_string(offset + length));
}

void WeightFile::fail(int failure) const {
  expect_unchanged();
  if (failure == kEndOfFile) throw file_error(path_, "returned fewer bytes than its size");
  throw system_failure(path_, "cannot be read", failure);
}

void read_ranges(std::span<const FileRange> ranges, uint64_t from, std::span<std::byte> into) {
  for (const auto& [file, offset, length] : ranges) {
    if (from >= length) {
      from -= length;
      continue;
    }
    const auto size = static_cast<size_t>(std::min<uint64_t>(into.size(), length - from));
    if (const int failure = file->read(offset + from, into.first(size))) file->fail(failure);
    into = into.subspan(size);
    from = 0;
  }
}

std::shared_ptr<const WeightFile> WeightFiles::open(const std::string& path,
                                                    const std::optional<FileIdentity>& expected) {
  std::weak_ptr<const WeightFile>& known = by_path_[path];
  if (auto file = known.lock()) {
    if (expected ? comparable(file->identity(), *expected) == *expected : file->is_current()) {
      return file;
    }
  }
  auto file = std::make_shared<const WeightFile>(path, expected);
  known = file;
  return file;
}

}  // namespace ripvec
