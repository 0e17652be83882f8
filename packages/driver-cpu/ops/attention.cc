// attention: out = softmax(scale · rope(q) · rope(k)ᵀ + position_bias) · v over the visible keys of
// each sequence. qkv [total, 3·heads·head_dim] holds Q, then K, then V in each row; out [total,
// heads·head_dim]. Key j is visible to query i iff |i − j| ≤ window / 2 (a window of −1 shows all
// keys) and, if `causal`, j ≤ i. rope_cos, rope_sin [positions, head_dim / 2] and position_ids
// [total] are all present or all absent.
//
// A thread owns a task:
//   task   kTaskQueries queries of one head of one sequence
//   block  kKeys keys of that sequence and head. K is rotated and the columns of V are padded to
//          whole vectors; both are copied out of qkv once a task
//   group  kQueries queries, one a lane, so that the softmax needs no sums across lanes:
//          scores   Sᵀ [keys, queries] = K · Qᵀ; the queries are the micro-kernel's columns
//          biases   added by distance, from a copy for this block in the order of the queries
//          softmax  online (Milakov & Gimelshein 2018), with a running maximum and sum in each lane
//          values   O [queries, head_dim] = O · correction + (Sᵀ)ᵀ · V
//
// Memory: the scratch of a thread depends only on head_dim.
//
// Numerics: blocks and groups start at fixed distances from the first token of the sequence, and a
// key outside a query's window adds exact zeros. A row therefore depends only on its own sequence:
// the result is batch-invariant and does not depend on the number of threads. A query without a
// score above −infinity gets zeros. NaN survives because its exponential is NaN, and so is the sum.
// If V holds NaN or infinity, zero weights would not give zeros, and each hidden key is skipped.
#include "runtime/attention_task.h"
#include "runtime/math.h"
#include "runtime/set_kernels.h"
#include "runtime/tile.h"
#include "runtime/transform.h"

namespace ripvec::RIPVEC_ISA {
namespace {

/**
 * Prefetches the row kAhead tokens later, because the rows of one head are too far apart for the
 * hardware prefetcher, and this token's row of the next head, which is usually this thread's next
 * task.
 */
RIPVEC_INLINE void prefetch_row(const Task& task, int64_t token, int64_t last, int64_t part) {
  const int64_t dim = task.args.head_dim;
  const float* row = task.row(least(token + kAhead, last - 1), part);
  for (int64_t d = 0; d < dim; d += kCacheLine) prefetch(row + d);
  const float* next = task.row(token, part) + dim;
  for (int64_t d = 0; d < dim; d += kCacheLine) prefetch_l2(next + d);
}

/** Writes Qᵀ of every group, scaled for exp2, with zeros in the lanes without a query. */
void gather_queries(const Task& task, const Buffers& buffers) {
  const int64_t dim = task.args.head_dim;
  const int64_t count = round_up(task.last - task.first, kQueries);
  const V factor = splat(task.args.scale * kLog2E);
  for (int64_t i = 0; i < count; i += kLanes) {
    const int64_t real = least(kLanes, task.last - task.first - i);
    const float* rows[kLanes];
    for (int64_t lane = 0; lane < real; lane++) {
      prefetch_row(task, task.first + i + lane, task.last, 0);
      rows[lane] = task.rotated_row(task.first + i + lane, 0, buffers.rotated + lane * dim);
    }
    float* to = buffers.queries + i / kQueries * kQueries * dim + i % kQueries;
    for (int64_t d = 0; d < dim; d += kLanes) {
      const int64_t width = least(kLanes, dim - d);
      V block[kLanes];
      for (int64_t lane = 0; lane < kLanes; lane++) {
        if (lane >= real) {
          block[lane] = zero();
        } else if (width == kLanes) {
          block[lane] = mul(factor, load(rows[lane] + d));
        } else {
          block[lane] = mul(factor, load_n(rows[lane] + d, width));
        }
      }
      transpose(block);
      for (int64_t j = 0; j < width; j++) store(to + (d + j) * kQueries, block[j]);
    }
  }
}

/** Keys from … to − 1 of the sequence, copied to `keys` and `values`. */
struct Block {
  int64_t from, to;
  bool finite;  // whether all values are finite
};

Block gather_keys_and_values(const Task& task, const Buffers& buffers, int64_t from, int64_t to) {
  const int64_t dim = task.args.head_dim;
  V nothing = zero();
  for (int64_t j = from; j < to; j++) {
    prefetch_row(task, j, to, 1);
    prefetch_row(task, j, to, 2);
    float* key = buffers.keys + (j - from) * dim;
    const float* x = task.rotated_row(j, 1, key);
    if (x != key) copy_floats(key, x, dim);
    float* value = buffers.values + (j - from) * buffers.value_width;
    copy_floats(value, task.row(j, 2), dim);
    zero_floats(value + dim, buffers.value_width - dim);
    for (int64_t d = 0; d < buffers.value_width; d += kLanes) {
      nothing = fma(load(value + d), zero(), nothing);
    }
  }
  return {.from = from, .to = to, .finite = all(eq(nothing, zero()))};
}

/**
 * Writes the biases between a task's queries and a block's keys, scaled for exp2. The first one is
 * that of the first query and the last key. A bias that overflows is bounded to a finite value,
 * because only −infinity hides a key.
 */
void gather_biases(const Task& task, const Buffers& buffers, const Block& block) {
  const int64_t count = task.last - task.first + block.to - block.from + kQueries;
  const int64_t farthest = block.to - 1 - task.first;
  for (int64_t i = 0; i < least(count, kBiases); i++) {
    const float bias = task.bias(farthest - i);
    const float scaled = bias * kLog2E;
    buffers.biases[i] = bias == kMinusInfinity ? bias : bounded(scaled);
  }
}

/** Adds the biases of one key to its row of scores. */
void add_biases(float* row, const float* biases) {
  for (int64_t lane = 0; lane < kQueries; lane += kLanes) {
    const V bias = load(biases + lane);
    const M hidden = eq(bias, splat(kMinusInfinity));
    store(row + lane, select(hidden, bias, add(load(row + lane), bias)));
  }
}

/** Hides a key from the queries that do not see it: the score becomes −infinity if the key is more
 * than `before` tokens before the query or more than `after` tokens after it. */
void hide_outside(float* row, int64_t query, int64_t key, int64_t before, int64_t after) {
  const float centre = 0.5f * static_cast<float>(before - after);
  const V far = splat(0.5f * static_cast<float>(before + after) + 0.5f);
  for (int64_t lane = 0; lane < kQueries; lane += kLanes) {
    const V distance = add(lane_index(), splat(static_cast<float>(query + lane - key) - centre));
    const M visible = lt(abs(distance), far);
    store(row + lane, select(visible, load(row + lane), splat(kMinusInfinity)));
  }
}

/**
 * Replaces the scores [keys, kQueries], which are scaled for exp2, by their exponentials relative
 * to the new maximum of each lane. Sets `correction` [kQueries] to the factors by which the earlier
 * sums must be multiplied, and returns true if all of them are 1.
 */
bool softmax_step(float* scores, int64_t keys, float* highest, float* totals, float* correction) {
  bool same = true;
  for (int64_t lane = 0; lane < kQueries; lane += kLanes) {
    const V before = load(highest + lane);
    V top = before;
    for (int64_t j = 0; j < keys; j++) top = max(load(scores + j * kQueries + lane), top);
    const V shift = select(eq(top, splat(kMinusInfinity)), zero(), top);
    const V factor = exp2(sub(before, shift));
    V total = mul(load(totals + lane), factor);
    for (int64_t j = 0; j < keys; j++) {
      float* score = scores + j * kQueries + lane;
      const V e = exp2(sub(load(score), shift));
      store(score, e);
      total = add(total, e);
    }
    store(highest + lane, top);
    store(totals + lane, total);
    store(correction + lane, factor);
    same = same && all(eq(factor, splat(1.0f)));
  }
  return same;
}

template <int kVectors>
void add_values(const Buffers& buffers, int64_t keys, int64_t queries, int64_t column, float* sums,
                bool accumulate) {
  const int64_t height = tile_height(queries);
  for (int64_t i = 0; i < queries; i += height) {
    const int64_t rows = least(height, queries - i);
    tile_of<kVectors, Columns, Strided>(rows)(
        {buffers.scores + i, kQueries}, {buffers.values + column, buffers.value_width},
        sums + i * buffers.value_width + column, buffers.value_width, keys, accumulate);
  }
}

/** Gives the same bits as add_values, but skips the hidden keys. `first` is the group's first
 * query, `from` the first key. */
void add_visible_values(const Task& task, const Buffers& buffers, int64_t first, int64_t from,
                        int64_t keys, float* sums, bool accumulate) {
  const int64_t queries = least(kQueries, task.last - first);
  for (int64_t i = 0; i < queries; i++) {
    for (int64_t d = 0; d < buffers.value_width; d += kLanes) {
      V total = zero();
      for (int64_t j = 0; j < keys; j++) {
        if (!task.visible(first + i, from + j)) continue;
        total = fma(splat(buffers.scores[j * kQueries + i]),
                    load(buffers.values + j * buffers.value_width + d), total);
      }
      float* sum = sums + i * buffers.value_width + d;
      store(sum, accumulate ? add(load(sum), total) : total);
    }
  }
}

/** Processes one group with the keys from … to − 1 of the block. */
void group_step(const Task& task, const Buffers& buffers, const Block& block, int64_t group,
                int64_t from, int64_t to, bool started) {
  const int64_t dim = task.args.head_dim;
  const int64_t first = task.first + group * kQueries;
  const int64_t queries = least(kQueries, task.last - first);
  const int64_t keys = to - from;
  const float* q = buffers.queries + group * kQueries * dim;
  const int64_t height = tile_height(keys);
  for (int64_t j = 0; j < keys; j += height) {
    const int64_t rows = least(height, keys - j);
    tile_of<kTileVectors, Rows, Strided>(rows)({buffers.keys + (from - block.from + j) * dim, dim},
                                               {q, kQueries}, buffers.scores + j * kQueries,
                                               kQueries, dim, false);
  }
  if (task.args.position_bias) {
    const float* biases = buffers.biases + group * kQueries + block.to - 1;
    for (int64_t j = from; j < to; j++) {
      add_biases(buffers.scores + (j - from) * kQueries, biases - j);
    }
  }
  const int64_t before = task.before(), after = task.after();
  for (int64_t j = from; j < to; j++) {
    const bool visible_to_all = first + kQueries - 1 - j <= before && j - first <= after;
    if (visible_to_all) continue;
    hide_outside(buffers.scores + (j - from) * kQueries, first, j, before, after);
  }
  float correction[kQueries];
  float* sums = buffers.sums + group * kQueries * buffers.value_width;
  const bool same = softmax_step(buffers.scores, keys, buffers.highest + group * kQueries,
                                 buffers.totals + group * kQueries, correction);
  if (started && !same) {
    for (int64_t i = 0; i < queries; i++) {
      float* row = sums + i * buffers.value_width;
      transform(buffers.value_width, row, [&](V x) { return mul(x, splat(correction[i])); }, row);
    }
  }
  Buffers shifted = buffers;
  shifted.values += (from - block.from) * buffers.value_width;
  if (task.hides_keys() && !block.finite) {
    return add_visible_values(task, shifted, first, from, keys, sums, started);
  }
  int64_t column = 0;
  for (; column + kTileVectors * kLanes <= buffers.value_width; column += kTileVectors * kLanes) {
    add_values<kTileVectors>(shifted, keys, queries, column, sums, started);
  }
  for (; column < buffers.value_width; column += kLanes) {
    add_values<1>(shifted, keys, queries, column, sums, started);
  }
}

void write_rows(const Task& task, const Buffers& buffers) {
  const int64_t dim = task.args.head_dim;
  for (int64_t i = 0; i < task.last - task.first; i++) {
    const float total = buffers.totals[i];
    const V inverse = splat(total == 0.0f ? 0.0f : 1.0f / total);
    float* to =
        task.args.out + (task.start + task.first + i) * task.args.heads * dim + task.head * dim;
    transform(
        dim, to, [&](V x) { return mul(x, inverse); }, buffers.sums + i * buffers.value_width);
  }
}

void run_task(const Task& task, const Buffers& buffers) {
  const int64_t before = task.before(), after = task.after();
  const int64_t groups = (task.last - task.first + kQueries - 1) / kQueries;
  bool started[kGroups] = {};
  gather_queries(task, buffers);
  for (int64_t i = 0; i < groups * kQueries; i++) {
    buffers.highest[i] = kMinusInfinity;
    buffers.totals[i] = 0.0f;
  }
  const int64_t end = least(task.length, task.last + after);
  for (int64_t key = most(0, task.first - before) / kKeys * kKeys; key < end; key += kKeys) {
    const Block block = gather_keys_and_values(task, buffers, key, least(key + kKeys, task.length));
    if (task.args.position_bias) gather_biases(task, buffers, block);
    for (int64_t group = 0; group < groups; group++) {
      const int64_t first = task.first + group * kQueries;
      const int64_t from = most(block.from, first - before);
      const int64_t to = least(block.to, first + kQueries + after);
      if (from >= to) continue;
      group_step(task, buffers, block, group, from, to, started[group]);
      started[group] = true;
    }
  }
  write_rows(task, buffers);
}

int64_t chunks_of(int64_t length) { return (length + kTaskQueries - 1) / kTaskQueries; }

}  // namespace

void attention(ThreadPool& pool, const Attention& args) {
  const Sequences& sequences = args.sequences;
  int64_t tasks = 0;
  for (int64_t b = 0; b < sequences.batch; b++) {
    tasks += args.heads * chunks_of(length_of(sequences, b));
  }
  if (tasks == 0) return;
  pool.reserve_scratch(static_cast<size_t>(Buffers::size(args.head_dim)));
  const int64_t grain = most(1, tasks / (int64_t{pool.threads()} * 64));
  parallel_for(pool, tasks, grain, [&](int64_t begin, int64_t end, int worker) {
    const Buffers buffers(pool.scratch(worker), args.head_dim);
    int64_t b = 0;
    int64_t before = 0;  // tasks of the sequences before b
    for (int64_t index = begin; index < end; index++) {
      int64_t chunks = chunks_of(length_of(sequences, b));
      while (index >= before + args.heads * chunks) {
        before += args.heads * chunks;
        b++;
        chunks = chunks_of(length_of(sequences, b));
      }
      const int64_t length = length_of(sequences, b);
      const int64_t first = (index - before) % chunks * kTaskQueries;
      const Task task = {.args = args,
                         .start = sequences.cu_seqlens[b],
                         .length = length,
                         .head = (index - before) / chunks,
                         .first = first,
                         .last = least(first + kTaskQueries, length)};
      run_task(task, buffers);
    }
  });
}

}  // namespace ripvec::RIPVEC_ISA
