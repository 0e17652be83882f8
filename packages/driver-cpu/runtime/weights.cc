#include "runtime/weights.h"

#include <algorithm>
#include <string>
#include <utility>

#include "runtime/error.h"
#include "runtime/pack_ranges.h"
#include "runtime/thread_pool.h"

namespace ripvec {

namespace {

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

void check_length(const WeightShape& shape, uint64_t length) {
  if (length == shape.byte_length()) return;
  throw model_file_error("has " + std::to_string(length) + " bytes where its shape wants " +
                         std::to_string(shape.byte_length()));
}

}  // namespace

uint64_t WeightShape::byte_length() const {
  return static_cast<uint64_t>(rows) * static_cast<uint64_t>(cols * byte_length_of(dtype));
}

std::unique_ptr<Weight> Weight::open(const WeightShape& shape, std::vector<FileRange> ranges,
                                     const KernelTable& kernels, ThreadPool& pool) {
  check_width(shape);
  uint64_t length = 0;
  for (const FileRange& range : ranges) length += range.bytes().size();
  check_length(shape, length);
  std::unique_ptr<Weight> weight(new Weight(shape));
  if (shape.role == Role::vector) {
    Memory bytes(static_cast<size_t>(length));
    read_ranges(ranges, 0, {bytes.data(), bytes.size()});
    weight->copy_as_f32({bytes.data(), bytes.size()}, kernels, pool);
  } else {
    if (shape.role == Role::table && ranges.size() != 1) {
      throw device_error("a table has to lie in one piece");
    }
    weight->ranges_ = std::move(ranges);
  }
  return weight;
}

std::unique_ptr<Weight> Weight::read(const WeightShape& shape, std::span<const std::byte> bytes,
                                     const KernelTable& kernels, ThreadPool& pool, Slabs& slabs) {
  check_width(shape);
  check_length(shape, bytes.size());
  std::unique_ptr<Weight> weight(new Weight(shape));
  switch (shape.role) {
    case Role::matrix:
      weight->pack_with(kernels, slabs, [&](PackMatrix args) {
        args.src = bytes.data();
        return ripvec::pack(kernels, pool, args);
      });
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
    pack_with(kernels, slabs,
              [&](const PackMatrix& args) { return pack_ranges(kernels, pool, ranges_, args); });
  } catch (const Error& error) {
    const std::string message = "tensor \"" + shape_.name + "\": " + error.what();
    failure_ = std::make_exception_ptr(Error(error.code(), message));
  } catch (...) {
    failure_ = std::current_exception();
  }
  ranges_.clear();
}

/** `pack` gets all arguments but the source. */
template <class Pack>
void Weight::pack_with(const KernelTable& kernels, Slabs& slabs, const Pack& pack) {
  const auto [role, dtype, storage, n, k, name] = shape_;
  memory_ = slabs.take(static_cast<size_t>(packed_bytes(kernels, storage, n, k)));
  const bool fits = pack(PackMatrix{
      .src = nullptr, .dtype = dtype, .storage = storage, .dst = memory_.data(), .n = n, .k = k});
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
  if (!ranges_.empty()) data = ranges_.front().bytes().data();
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

void Weights::release(size_t number) {
  weights_.erase(number);
  followers_.erase(number);
}

Panels Weights::use_panels(size_t number) {
  Panels panels = get(number).panels();
  followers_[last_used_] = number;
  last_used_ = number;
  const auto follower = followers_.find(number);
  if (follower == followers_.end()) return panels;
  const auto next = weights_.find(follower->second);
  if (next != weights_.end()) panels.next = next->second->bytes();
  return panels;
}

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
