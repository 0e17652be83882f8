#include "runtime/weights.h"

#include <algorithm>
#include <string>
#include <utility>

#include "runtime/error.h"
#include "runtime/thread_pool.h"

namespace ripvec {

namespace {

size_t size_of(DType dtype) {
  switch (dtype) {
    case DType::f32:
    case DType::i32:
      return 4;
    case DType::f16:
    case DType::bf16:
      return 2;
    case DType::i8:
      return 1;
  }
  return 0;
}

const char* misfit(DType storage) {
  switch (storage) {
    case DType::f16:
      return "has values beyond 65504, the largest of f16";
    case DType::bf16:
      return "has values beyond the largest of bf16";
    default:
      return "has NaN or infinity, which i8 cannot hold";
  }
}

void check_width(const WeightShape& shape) {
  if (shape.storage == DType::i8 && shape.cols > kMaxInputsI8) {
    throw device_error("a matrix kept in i8 has at most " + std::to_string(kMaxInputsI8) +
                       " columns, this one has " + std::to_string(shape.cols));
  }
}

}  // namespace

uint64_t WeightShape::byte_length() const {
  return static_cast<uint64_t>(rows) * static_cast<uint64_t>(cols) * size_of(dtype);
}

std::unique_ptr<Weight> Weight::map(const WeightShape& shape, FilePlace place) {
  check_width(shape);
  place.file->range(place.offset, shape.byte_length());
  std::unique_ptr<Weight> weight(new Weight(shape));
  weight->place_ = std::move(place);
  return weight;
}

std::unique_ptr<Weight> Weight::read(const WeightShape& shape, std::span<const std::byte> bytes,
                                     const KernelTable& kernels, ThreadPool& pool, Slabs& slabs) {
  check_width(shape);
  if (bytes.size() != shape.byte_length()) {
    throw model_file_error("has " + std::to_string(bytes.size()) + " bytes where its shape wants " +
                           std::to_string(shape.byte_length()));
  }
  std::unique_ptr<Weight> weight(new Weight(shape));
  switch (shape.role) {
    case Role::matrix:
      weight->pack_from(bytes.data(), kernels, pool, slabs);
      break;
    case Role::table:
      weight->memory_ = Memory(bytes.size());
      std::copy(bytes.begin(), bytes.end(), weight->memory_.data());
      break;
    case Role::vector:
      weight->copy_as_f32(bytes, kernels, pool);
      break;
  }
  return weight;
}

void Weight::pack(const KernelTable& kernels, ThreadPool& pool, Slabs& slabs) noexcept {
  try {
    const auto bytes = place_.file->range(place_.offset, shape_.byte_length());
    pack_from(bytes.data(), kernels, pool, slabs);
    place_.file->drop(bytes);
  } catch (const Error& error) {
    const std::string message = "tensor \"" + shape_.name + "\": " + error.what();
    failure_ = std::make_exception_ptr(Error(error.code(), message));
  } catch (...) {
    failure_ = std::current_exception();
  }
  place_ = {};
}

void Weight::pack_from(const std::byte* src, const KernelTable& kernels, ThreadPool& pool,
                       Slabs& slabs) {
  const auto [role, dtype, storage, n, k, name] = shape_;
  memory_ = slabs.take(static_cast<size_t>(packed_bytes(kernels, storage, n, k)));
  const bool fits = ripvec::pack(
      kernels, pool,
      {.src = src, .dtype = dtype, .storage = storage, .dst = memory_.data(), .n = n, .k = k});
  if (!fits) throw model_file_error(misfit(storage));
}

void Weight::copy_as_f32(std::span<const std::byte> bytes, const KernelTable& kernels,
                         ThreadPool& pool) {
  Memory aligned(bytes.size());
  std::copy(bytes.begin(), bytes.end(), aligned.data());
  if (shape_.dtype == DType::f32) {
    memory_ = std::move(aligned);
    return;
  }
  memory_ = Memory(static_cast<size_t>(shape_.cols) * sizeof(float));
  kernels.convert(pool, {.x = aligned.data(),
                         .from = shape_.dtype,
                         .out = memory_.data(),
                         .to = DType::f32,
                         .size = shape_.cols});
}

void Weight::expect(Role role) const {
  if (shape_.role != role) throw device_error("a weight is used in a place of another role");
}

Table Weight::table() const {
  expect(Role::table);
  const std::byte* data = memory_.data();
  if (place_.file) data = place_.file->range(place_.offset, shape_.byte_length()).data();
  return {.data = data, .dtype = shape_.dtype};
}

Panels Weight::panels() const {
  expect(Role::matrix);
  if (failure_) std::rethrow_exception(failure_);
  return {.data = memory_.data(), .storage = shape_.storage};
}

const float* Weight::vector() const {
  expect(Role::vector);
  return reinterpret_cast<const float*>(memory_.data());
}

void Weights::put(size_t number, std::unique_ptr<Weight> weight) {
  weights_.insert_or_assign(number, std::move(weight));
}

void Weights::release(size_t number) { weights_.erase(number); }

const Weight& Weights::get(size_t number) const {
  const auto found = weights_.find(number);
  if (found == weights_.end()) throw device_error("a weight is used after it was released");
  return *found->second;
}

size_t Weights::memory_bytes() const {
  size_t bytes = 0;
  for (const auto& [number, weight] : weights_) bytes += weight->memory_bytes();
  return bytes;
}

}  // namespace ripvec
