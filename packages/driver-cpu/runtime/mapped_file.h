#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>

namespace ripvec {

// A file, open and mapped read-only for as long as somebody holds it.
class MappedFile {
 public:
  /** Throws Error MODEL_FILE when the file cannot be opened or mapped. */
  explicit MappedFile(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  /**
   * The bytes at [offset, offset + length). Throws Error MODEL_FILE when the file, as it is now,
   * ends before: reading them would kill the process.
   */
  std::span<const std::byte> range(uint64_t offset, uint64_t length) const;
  /** Copies the bytes from `offset` on, without the mapping: no page of it becomes resident. Throws
   * as `range` does. */
  void read(uint64_t offset, std::span<std::byte> into) const;
  /** Whether `path` still names this file. */
  bool is_current() const;
  uint64_t size() const { return size_; }

 private:
  struct Identity {
    uint64_t device = 0;
    uint64_t file = 0;
  };
  void unmap() noexcept;
  /** How many bytes it read, 0 at the end of the file. */
  size_t read_some(uint64_t offset, std::span<std::byte> into) const;

  std::string path_;
  const std::byte* data_ = nullptr;
  uint64_t size_ = 0;
  Identity identity_;
#ifdef _WIN32
  void* file_ = nullptr;
#else
  int file_ = -1;
#endif
};

/** Some bytes of a file. */
struct FileRange {
  std::shared_ptr<const MappedFile> file;
  uint64_t offset = 0;
  uint64_t length = 0;

  std::span<const std::byte> bytes() const { return file->range(offset, length); }
};

/** Copies bytes `from` … of the ranges, taken one after the other. Throws as `MappedFile::read`. */
void read_ranges(std::span<const FileRange> ranges, uint64_t from, std::span<std::byte> into);

// One mapping for each file, shared by the weights in it.
class MappedFiles {
 public:
  std::shared_ptr<const MappedFile> open(const std::string& path);

 private:
  std::map<std::string, std::weak_ptr<const MappedFile>> by_path_;
};

}  // namespace ripvec
