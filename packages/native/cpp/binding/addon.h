#pragma once

#include <napi.h>

#include <memory>

namespace ripvec {

class Completions;

/** The way back to JavaScript of the environment that `env` is. */
std::shared_ptr<Completions> completions_of(Napi::Env env);

}  // namespace ripvec
