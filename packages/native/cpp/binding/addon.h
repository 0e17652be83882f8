#pragma once

#include <napi.h>

#include <memory>

namespace ripvec {

class Completions;

/** The object that returns finished passes to the JavaScript thread of this environment. */
std::shared_ptr<Completions> completions_of(Napi::Env env);

}  // namespace ripvec
