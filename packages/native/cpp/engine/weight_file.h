#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace ripvec {

/** Identifies a file and its state: it differs between two files, and before and after a write. */
struct FileIdentity {
  uint64_t device = 0, inode = 0, size = 0;
  /** The time of the last write, in nanoseconds since 1970. */
  int64_t modified_ns = 0;
  bool operator==(const FileIdentity&) const = default;
};

/**
 * An open file. It is read and never mapped: if another program truncates it, a read returns fewer
 * bytes, but access to a mapping would end the process.
 */
class WeightFile {
 public:
  /** Throws Error MODEL_FILE if the file cannot be opened or does not match `expected`. */
  WeightFile(const std::string& path, const std::optional<FileIdentity>& expected);
  ~WeightFile();
  WeightFile(const WeightFile&) = delete;
  WeightFile& operator=(const WeightFile&) = delete;

  const FileIdentity& identity() const { return identity_; }
  /** Throws Error MODEL_FILE if the range exceeds the size that the file had when it was opened. */
  void expect_range(uint64_t offset, uint64_t length) const;
  /**
   * Throws Error MODEL_FILE if the file was written to since it was opened. A write changes the
   * time before it changes bytes, so call this after reading.
   */
  void expect_unchanged() const;
  /** Copies bytes of the file from `offset` on. Returns 0, the system's error or kEndOfFile. */
  int read(uint64_t offset, std::span<std::byte> into) const noexcept;
  static constexpr int kEndOfFile = -1;
  /** Throws Error MODEL_FILE for a failure that `read` returned. */
  [[noreturn]] void fail(int failure) const;
  /** Whether `path` still names this file, unchanged. */
  bool is_current() const;

 private:
  /** Only opens the file. */
  explicit WeightFile(const std::string& path);
  /** The current identity of the open file. */
  FileIdentity current() const;

  std::string path_;
  FileIdentity identity_;
#ifdef _WIN32
  void* file_ = nullptr;
#else
  int file_ = -1;
#endif
};

/** A range of bytes in a file. */
struct FileRange {
  std::shared_ptr<const WeightFile> file;
  uint64_t offset = 0;
  uint64_t length = 0;
};

/** Copies bytes of the concatenated ranges, starting at byte `from`. Throws Error MODEL_FILE. */
void read_ranges(std::span<const FileRange> ranges, uint64_t from, std::span<std::byte> into);

/** Opens each file once. The weights of a file share it. */
class WeightFiles {
 public:
  /** Throws the errors of the constructor of WeightFile. */
  std::shared_ptr<const WeightFile> open(const std::string& path,
                                         const std::optional<FileIdentity>& expected);

 private:
  std::map<std::string, std::weak_ptr<const WeightFile>> by_path_;
};

}  // namespace ripvec
