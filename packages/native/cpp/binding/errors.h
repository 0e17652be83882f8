#pragma once

#include <napi.h>

#include <exception>
#include <utility>

namespace ripvec {

/** Makes a JavaScript Error with the message of `failure` and its ErrorCode as `code`. */
Napi::Error to_js_error(Napi::Env env, const std::exception_ptr& failure);

/** Runs `body` and converts every C++ exception that it throws to a JavaScript exception. */
template <typename Body>
auto guarded(Napi::Env env, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (const Napi::Error&) {
    throw;
  } catch (...) {
    throw to_js_error(env, std::current_exception());
  }
}

}  // namespace ripvec
