// Checks every kernel against naive f64: odd shapes, guards around outputs, NaN and infinity, one
// to four threads with the same bits, rows that don't depend on their neighbours.
//
//   native-test            every instruction set that this build and this CPU have
//   RIPVEC_CPU_ISA=avx2 native-test    that one; it must be supported
//
// Exits with 1 when a check fails. `ripvec-native sanitize` and `ripvec-native emulate` build and
// run it.
#include <cstdlib>

#include "native-test/check.h"

uint32_t test::Random::next() {
  state_ = state_ * 1664525u + 1013904223u;
  return state_ >> 8;
}

namespace {

using ripvec::InstructionSet;

bool test_set(InstructionSet set) {
  const int before = test::failures;
  ripvec::ThreadPool one(1), two(2), three(3), four(4);
  const test::Subject subject = {*ripvec::kernel_table(set), {&one, &two, &three, &four}};
  test::test_linear(subject);
  test::test_linear_i8(subject);
  test::test_attention(subject);
  test::test_softmax(subject);
  test::test_pointwise(subject);
  test::test_norm(subject);
  test::test_layout(subject);
  test::test_embedding(subject);
  test::test_pooling(subject);
  test::test_convert(subject);
  test::test_packing(subject);
  std::printf("%s: %s\n", ripvec::name_of(set), test::failures == before ? "ok" : "FAILED");
  return test::failures == before;
}

}  // namespace

int main() {
  const char* wanted = std::getenv("RIPVEC_CPU_ISA");
  int tested = 0;
  test::test_thread_pool();
  test::test_cgroup();
  test::test_memory();
  test::test_weights();
  test::test_engine();
  test::test_deferred_device();
  test::test_weight_file();
  test::test_finite();
  test::test_allocations();
  for (const InstructionSet set : ripvec::kInstructionSets) {
    if (wanted && *wanted && std::strcmp(wanted, ripvec::name_of(set)) != 0) continue;
    if (!ripvec::supported(set)) {
      if (ripvec::kernel_table(set))
        std::printf("%s: skipped, not on this CPU\n", ripvec::name_of(set));
      continue;
    }
    test_set(set);
    tested++;
  }
  std::printf("%d checks, %d failures, %d instruction sets\n", test::checks, test::failures,
              tested);
  return test::failures == 0 && tested > 0 ? 0 : 1;
}
