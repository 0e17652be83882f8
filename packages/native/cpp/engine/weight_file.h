#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace ripvec {

/** Another file has another one, and so has the same file once it was written to. */
struct FileIdentity {
  uint64_t device = 0, inode = 0, size = 0;
  /** When it was last written to, in nanoseconds since 1970. */
  int64_t modified_ns = 0;
  bool operator==(const FileIdentity&) const = default;
};

/**
 * A file, open for as long as somebody holds it. It is read and never mapped: a file that somebody
 * cuts gives fewer bytes, where a mapping of it would end the process.
 */
class WeightFile {
 public:
  /** Throws Error MODEL_FILE when the file cannot be opened, or is not `expected`. */
  WeightFile(const std::string& path, const std::optional<FileIdentity>& expected);
  ~WeightFile();
  WeightFile(const WeightFile&) = delete;
  WeightFile& operator=(const WeightFile&) = delete;

  const FileIdentity& identity() const { return identity_; }
  /** Throws Error MODEL_FILE unless the file, as it was when it was opened, has these bytes. */
  void expect_range(uint64_t offset, uint64_t length) const;
  /**
   * Throws Error MODEL_FILE when the file was written to since it was opened. A write changes the
   * time before it changes bytes, so this has to follow what was read.
   */
  void expect_unchanged() const;
  /** Copies the bytes from `offset` on. Returns 0, the system's error, or kEndOfFile. */
  int read(uint64_t offset, std::span<std::byte> into) const noexcept;
  static constexpr int kEndOfFile = -1;
  /** Throws what `read` returned. */
  [[noreturn]] void fail(int failure) const;
  /** Whether `path` still names this file, unchanged. */
  bool is_current() const;

 private:
  /** Opens it, and nothing more. */
  explicit WeightFile(const std::string& path);
  /** What the open file is now. */
  FileIdentity current() const;

  std::string path_;
  FileIdentity identity_;
#ifdef _WIN32
  void* file_ = nullptr;
#else
  int file_ = -1;
#endif
};

/** Some bytes of a file. */
struct FileRange {
  std::shared_ptr<const WeightFile> file;
  uint64_t offset = 0;
  uint64_t length = 0;
};

/** Copies bytes `from` … of the ranges, taken one after the other. Throws Error MODEL_FILE. */
void read_ranges(std::span<const FileRange> ranges, uint64_t from, std::span<std::byte> into);

// Each file once, shared by the weights in it.
class WeightFiles {
 public:
  /** Throws as the constructor of WeightFile. */
  std::shared_ptr<const WeightFile> open(const std::string& path,
                                         const std::optional<FileIdentity>& expected);

 private:
  std::map<std::string, std::weak_ptr<const WeightFile>> by_path_;
};

}  // namespace ripvec
