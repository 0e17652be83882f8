#pragma once

#include <napi.h>

#include <exception>
#include <utility>

namespace ripvec {

/** A JavaScript Error with the message and, as `code`, the ErrorCode of `failure`. */
Napi::Error to_js_error(Napi::Env env, const std::exception_ptr& failure);

/** Runs `body`; whatever C++ it throws becomes a JavaScript exception. */
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
