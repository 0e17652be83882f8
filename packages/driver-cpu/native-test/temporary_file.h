#pragma once

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace test {

/** A file that is deleted with this object. */
class TemporaryFile {
 public:
  TemporaryFile(const std::string& name, const std::vector<std::byte>& bytes)
      : path_((std::filesystem::temp_directory_path() / name).string()) {
    write(bytes);
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  void write(const std::vector<std::byte>& bytes) const {
    std::FILE* file = std::fopen(path_.c_str(), "wb");
    std::fwrite(bytes.data(), 1, bytes.size(), file);
    std::fclose(file);
  }

 private:
  std::string path_;
};

}  // namespace test
