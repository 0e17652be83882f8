#pragma once

#include <stdexcept>
#include <string>

namespace ripvec {

// What goes wrong outside of the kernels. `code` is one of the codes of @ripvec/core's errors.
class Error : public std::runtime_error {
 public:
  Error(const char* code, const std::string& message) : std::runtime_error(message), code_(code) {}
  /** A string literal. */
  const char* code() const { return code_; }

  /** What it is about; empty where that is not known. */
  std::string path, tensor;

 private:
  const char* code_;
};

inline Error device_error(const std::string& message) { return Error("DEVICE", message); }
inline Error model_file_error(const std::string& message) { return Error("MODEL_FILE", message); }

}  // namespace ripvec
