#include "binding/errors.h"

#include <new>

#include "engine/error.h"

namespace ripvec {

namespace {

/** Allocates no memory with `new`, because there may be none. */
Napi::Error make(Napi::Env env, const char* message, const char* code) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  return error;
}

}  // namespace

Napi::Error to_js_error(Napi::Env env, const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    Napi::Error made = make(env, error.what(), error.code());
    if (!error.path.empty()) made.Set("path", Napi::String::New(env, error.path.c_str()));
    if (!error.tensor.empty()) made.Set("tensor", Napi::String::New(env, error.tensor.c_str()));
    return made;
  } catch (const std::bad_alloc&) {
    return make(env, "out of memory", "DEVICE");
  } catch (const std::exception& error) {
    return make(env, error.what(), "DEVICE");
  } catch (...) {
    return make(env, "unknown failure", "DEVICE");
  }
}

}  // namespace ripvec
