#include "runtime/mapped_file.h"

#include <algorithm>
#include <string>

#include "runtime/error.h"

namespace ripvec {

namespace {

Error ends_early(uint64_t file, uint64_t tensor) {
  return model_file_error("the file ends at byte " + std::to_string(file) + ", the tensor at " +
                          std::to_string(tensor));
}

}  // namespace

}  // namespace ripvec

#ifndef _WIN32

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ripvec {

namespace {

Error system_error(const char* what) {
  return model_file_error(std::string(what) + ": " + std::strerror(errno));
}

}  // namespace

MappedFile::MappedFile(const std::string& path) : path_(path) {
  file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) throw system_error("cannot open");
  struct stat facts = {};
  if (::fstat(file_, &facts) != 0 || !S_ISREG(facts.st_mode)) {
    unmap();
    throw model_file_error("is not a regular file");
  }
  size_ = static_cast<uint64_t>(facts.st_size);
  identity_ = {.device = static_cast<uint64_t>(facts.st_dev),
               .file = static_cast<uint64_t>(facts.st_ino)};
  if (size_ == 0) return;
  void* data = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file_, 0);
  if (data == MAP_FAILED) {
    const Error error = system_error("cannot map");
    unmap();
    throw error;
  }
  data_ = static_cast<const std::byte*>(data);
}

void MappedFile::unmap() noexcept {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
  if (file_ >= 0) ::close(file_);
}

std::span<const std::byte> MappedFile::range(uint64_t offset, uint64_t length) const {
  struct stat facts = {};
  if (::fstat(file_, &facts) != 0) throw system_error("cannot stat");
  const uint64_t now = std::min<uint64_t>(size_, static_cast<uint64_t>(facts.st_size));
  if (offset > now || length > now - offset) {
    throw ends_early(now, offset + length);
  }
  return {data_ + offset, length};
}

size_t MappedFile::read_some(uint64_t offset, std::span<std::byte> into) const {
  ssize_t count;
  do {
    count = ::pread(file_, into.data(), into.size(), static_cast<off_t>(offset));
  } while (count < 0 && errno == EINTR);
  if (count < 0) throw system_error("cannot read");
  return static_cast<size_t>(count);
}

bool MappedFile::is_current() const {
  struct stat facts = {};
  return ::stat(path_.c_str(), &facts) == 0 &&
         identity_.device == static_cast<uint64_t>(facts.st_dev) &&
         identity_.file == static_cast<uint64_t>(facts.st_ino) &&
         size_ == static_cast<uint64_t>(facts.st_size);
}

#else  // _WIN32

#ifndef NOMINMAX
#define NOMINMAX
#endif
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <filesystem>

namespace ripvec {

namespace {

Error system_error(const char* what) {
  return model_file_error(std::string(what) + ": Windows error " +
                          std::to_string(::GetLastError()));
}

HANDLE open_for_reading(const std::string& path) {
  const std::u8string utf8(path.begin(), path.end());
  return ::CreateFileW(std::filesystem::path(utf8).c_str(), GENERIC_READ,
                       FILE_SHARE_READ | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                       FILE_ATTRIBUTE_NORMAL, nullptr);
}

bool facts_of(HANDLE file, BY_HANDLE_FILE_INFORMATION* facts) {
  return ::GetFileInformationByHandle(file, facts) != 0;
}

uint64_t joined(DWORD high, DWORD low) { return (uint64_t{high} << 32) | low; }

}  // namespace

MappedFile::MappedFile(const std::string& path) : path_(path) {
  file_ = open_for_reading(path);
  if (file_ == INVALID_HANDLE_VALUE) throw system_error("cannot open");
  BY_HANDLE_FILE_INFORMATION facts = {};
  if (!facts_of(file_, &facts)) {
    const Error error = system_error("cannot stat");
    unmap();
    throw error;
  }
  size_ = joined(facts.nFileSizeHigh, facts.nFileSizeLow);
  identity_ = {.device = facts.dwVolumeSerialNumber,
               .file = joined(facts.nFileIndexHigh, facts.nFileIndexLow)};
  if (size_ == 0) return;
  HANDLE mapping = ::CreateFileMappingW(file_, nullptr, PAGE_READONLY, 0, 0, nullptr);
  if (mapping != nullptr) {
    data_ = static_cast<const std::byte*>(::MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0));
    ::CloseHandle(mapping);
  }
  if (data_ == nullptr) {
    const Error error = system_error("cannot map");
    unmap();
    throw error;
  }
}

void MappedFile::unmap() noexcept {
  if (data_ != nullptr) ::UnmapViewOfFile(data_);
  ::CloseHandle(file_);
}

// Windows lets nobody truncate a mapped file.
std::span<const std::byte> MappedFile::range(uint64_t offset, uint64_t length) const {
  if (offset > size_ || length > size_ - offset) {
    throw ends_early(size_, offset + length);
  }
  return {data_ + offset, length};
}

size_t MappedFile::read_some(uint64_t offset, std::span<std::byte> into) const {
  OVERLAPPED place = {};
  place.Offset = static_cast<DWORD>(offset);
  place.OffsetHigh = static_cast<DWORD>(offset >> 32);
  const auto size = static_cast<DWORD>(std::min<size_t>(into.size(), 1 << 30));
  DWORD count = 0;
  if (!::ReadFile(file_, into.data(), size, &count, &place) &&
      ::GetLastError() != ERROR_HANDLE_EOF) {
    throw system_error("cannot read");
  }
  return count;
}

bool MappedFile::is_current() const {
  HANDLE file = open_for_reading(path_);
  if (file == INVALID_HANDLE_VALUE) return false;
  BY_HANDLE_FILE_INFORMATION facts = {};
  const bool known = facts_of(file, &facts);
  ::CloseHandle(file);
  return known && identity_.device == facts.dwVolumeSerialNumber &&
         identity_.file == joined(facts.nFileIndexHigh, facts.nFileIndexLow) &&
         size_ == joined(facts.nFileSizeHigh, facts.nFileSizeLow);
}

#endif

MappedFile::~MappedFile() { unmap(); }

void MappedFile::read(uint64_t offset, std::span<std::byte> into) const {
  const uint64_t end = offset + into.size();
  while (!into.empty()) {
    const size_t count = read_some(offset, into);
    if (count == 0) throw ends_early(offset, end);
    offset += count;
    into = into.subspan(count);
  }
}

void read_ranges(std::span<const FileRange> ranges, uint64_t from, std::span<std::byte> into) {
  for (const FileRange& range : ranges) {
    if (from >= range.length) {
      from -= range.length;
      continue;
    }
    const auto size = std::min<uint64_t>(into.size(), range.length - from);
    range.file->read(range.offset + from, into.first(static_cast<size_t>(size)));
    into = into.subspan(static_cast<size_t>(size));
    from = 0;
  }
}

std::shared_ptr<const MappedFile> MappedFiles::open(const std::string& path) {
  std::weak_ptr<const MappedFile>& known = by_path_[path];
  if (auto file = known.lock(); file && file->is_current()) return file;
  auto file = std::make_shared<const MappedFile>(path);
  known = file;
  return file;
}

}  // namespace ripvec
