#pragma once

#include <stdexcept>
#include <string>

namespace ripvec {

/** A failure to report to the user. `code` is one of the codes of @ripvec/core's errors. */
class Error : public std::runtime_error {
 public:
  Error(const char* code, const std::string& message) : std::runtime_error(message), code_(code) {}
  /** The error code, which is a string literal. */
  const char* code() const { return code_; }

  /** The file and the tensor that the failure concerns; empty if unknown. */
  std::string path, tensor;

 private:
  const char* code_;
};

inline Error device_error(const std::string& message) { return Error("DEVICE", message); }
inline Error model_file_error(const std::string& message) { return Error("MODEL_FILE", message); }

}  // namespace ripvec
