// The task of a thread in attention, and the scratch that it works in (ops/attention.cc).
#pragma once

#include "runtime/math.h"
#include "runtime/rope.h"
#include "runtime/set_kernels.h"
#include "runtime/tile.h"

namespace ripvec::RIPVEC_ISA {

constexpr int64_t kQueries = int64_t{kTileVectors} * kLanes;
constexpr int64_t kTaskQueries = 128;
constexpr int64_t kGroups = kTaskQueries / kQueries;
constexpr int64_t kKeys = 128;
/** The number of distances between a task's queries and a block's keys, plus one. */
constexpr int64_t kBiases = kTaskQueries + kKeys;
// Prefetching 8 rows ahead halves the time of the copies if a batch exceeds L2; a larger distance
// gains nothing.
constexpr int64_t kAhead = 8;

inline int64_t round_up(int64_t n, int64_t to) { return (n + to - 1) / to * to; }
inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
/** x, or the largest finite float of the same sign if x is infinite. */
inline float bounded(float x) {
  constexpr float kLargest = 0x1.fffffep127f;
  return x > kLargest ? kLargest : x < -kLargest ? -kLargest : x;
}

/** The parts of a thread's scratch. */
struct Buffers {
  int64_t value_width;  // head_dim rounded up to vectors
  float* queries;       // [kGroups, head_dim, kQueries], multiplied by scale · log₂ e
  float* keys;          // [kKeys, head_dim]
  float* values;        // [kKeys, value_width]
  float* scores;        // [kKeys, kQueries]
  float* sums;          // [kTaskQueries, value_width]
  float* highest;       // [kTaskQueries]
  float* totals;        // [kTaskQueries]
  float* rotated;       // [kLanes, head_dim]
  float* biases;        // [kBiases]

  static int64_t size(int64_t dim) {
    const int64_t width = round_up(dim, kLanes);
    return round_up(kTaskQueries * dim, 16) + round_up(kKeys * dim, 16) + kKeys * width +
           kKeys * kQueries + kTaskQueries * width + 2 * kTaskQueries + round_up(kLanes * dim, 16) +
           kBiases;
  }
  Buffers(float* scratch, int64_t dim) : value_width(round_up(dim, kLanes)) {
    const auto take = [&](int64_t floats) {
      float* taken = scratch;
      scratch += round_up(floats, 16);
      return taken;
    };
    queries = take(kTaskQueries * dim);
    keys = take(kKeys * dim);
    values = take(kKeys * value_width);
    scores = take(kKeys * kQueries);
    sums = take(kTaskQueries * value_width);
    highest = take(kTaskQueries);
    totals = take(kTaskQueries);
    rotated = take(kLanes * dim);
    biases = take(kBiases);
  }
};

/** Token indices count from the first token of the sequence. */
struct Task {
  const Attention& args;
  int64_t start;   // of the sequence, in rows of qkv
  int64_t length;  // of the sequence
  int64_t head;
  int64_t first, last;  // queries

  /** How many keys before and after its own token a query sees. */
  int64_t before() const { return args.window < 0 ? length : least(length, args.window / 2); }
  int64_t after() const { return args.causal ? 0 : before(); }
  bool hides_keys() const { return args.window >= 0 || args.causal || args.position_bias; }
  bool visible(int64_t query, int64_t key) const {
    const bool near = query - key <= before() && key - query <= after();
    return near && !(args.position_bias && bias(key - query) == kMinusInfinity);
  }
  /** The bias of the key at query + distance. */
  float bias(int64_t distance) const {
    const int64_t reach = args.distances / 2;
    return args.position_bias[head * args.distances + reach + most(-reach, least(reach, distance))];
  }
  /** The row of a token in Q (part 0), K (1) or V (2). */
  const float* row(int64_t token, int64_t part) const {
    const int64_t width = args.heads * args.head_dim;
    return args.qkv + ((start + token) * 3 + part) * width + head * args.head_dim;
  }
  /** A row of Q or K. With rotary embedding, the rotated row is written to `buffer`. */
  const float* rotated_row(int64_t token, int64_t part, float* buffer) const {
    const float* x = row(token, part);
    if (!args.rope_cos) return x;
    const int64_t half = args.head_dim / 2;
    const int64_t angle = args.position_ids[start + token] * half;
    rotate(x, args.rope_cos + angle, args.rope_sin + angle, buffer, half);
    return buffer;
  }
};

}  // namespace ripvec::RIPVEC_ISA
