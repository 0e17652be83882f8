// The parameters of every kernel: one aggregate an op, with raw pointers and sizes in elements. The
// rules that hold for all of them are in runtime/kernels.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ripvec {

enum class DType : uint8_t { f32, f16, bf16, i8, i32 };

enum class Activation : uint8_t { none, gelu_erf, gelu_tanh };

/** How tokens of a packed tensor belong to sequences: b owns rows cu_seqlens[b] … cu_seqlens[b + 1]
 * − 1. */
struct Sequences {
  const int32_t* cu_seqlens;  // [batch + 1], host memory
  int64_t batch;
  int64_t max_seq_len;
};

/**
 * Rows of an embedding table where they lie: [vocab, cols] of f32, f16, bf16 or i8, at any
 * alignment. Element [r, c] of i8 stands for data[r, c] · scales[r], rounded once.
 */
struct Table {
  const void* data;
  DType dtype;
  const float* scales = nullptr;  // [vocab], of i8 alone
};

// ---- layout

/** out = x, any dtype. */
struct Copy {
  const void* x;
  void* out;
  int64_t bytes;
};

/** out = x in another dtype: to floats rounded to nearest even, to integers truncated and
 * saturated, NaN → 0. */
struct Convert {
  const void* x;
  DType from;
  void* out;
  DType to;
  int64_t size;
};

/** x [total, cols] → out [batch, max_seq_len, cols], zeros behind each sequence. */
struct PadToBatch {
  const float* x;
  Sequences sequences;
  float* out;
  int64_t cols;
};

/** x [batch, max_seq_len, cols] → out [total, cols]. */
struct UnpadFromBatch {
  const float* x;
  Sequences sequences;
  float* out;
  int64_t cols;
};

/** qkv [batch, seq_len, 3·heads·head_dim] → q, k, v [batch, heads, seq_len, head_dim]. */
struct QkvSplit {
  const float* qkv;
  float* q;
  float* k;
  float* v;
  int64_t batch, seq_len, heads, head_dim;
};

/** qkv [total, 3·heads·head_dim] → q, k, v [batch, heads, max_seq_len, head_dim], zeros behind each
 * sequence. */
struct FusedPadQkvSplit {
  const float* qkv;
  Sequences sequences;
  float* q;
  float* k;
  float* v;
  int64_t heads, head_dim;
};

/** x [batch, heads, seq_len, head_dim] → out [batch, seq_len, heads·head_dim]. */
struct AttnReshape {
  const float* x;
  float* out;
  int64_t batch, heads, seq_len, head_dim;
};

/** x [batch, heads, max_seq_len, head_dim] → out [total, heads·head_dim]. */
struct FusedReshapeUnpad {
  const float* x;
  Sequences sequences;
  float* out;
  int64_t heads, head_dim;
};

/** x [rows, 2·cols] → value, the first half of each row, and gate, the second. */
struct SplitGateValue {
  const float* x;
  float* value;
  float* gate;
  int64_t rows, cols;
};

// ---- embedding

/** out[r] = table[ids[r]]. */
struct EmbeddingLookup {
  Table table;
  const int32_t* ids;  // [rows]
  float* out;          // [rows, cols]
  int64_t rows, cols;
};

/** out[r] = x[r] + table[ids[r]]. */
struct AddEmbeddings {
  const float* x;
  Table table;
  const int32_t* ids;  // [rows]
  float* out;          // [rows, cols], may be x
  int64_t rows, cols;
};

// ---- linear

/** Rows that fill whole panels in every set: a matrix can be packed by that many at a time. */
constexpr int64_t kPackRows = 32;

/**
 * dst = the [n, k] matrix at src (f32, f16 or bf16 rows) in panels of `storage`. Where that is i8,
 * src may be i8 too, with a scale for each row.
 */
struct PackMatrix {
  const void* src;
  DType dtype;
  DType storage;
  void* dst;  // packed_bytes(…) bytes, aligned to 64
  int64_t n, k;
  const float* scales = nullptr;  // [n], of an i8 src alone
};

/** dst = the rows [rows, cols] at src (f32, f16 or bf16) as f16 or bf16, rounded to nearest even,
 * or as i8 (runtime/quantize.h). */
struct NarrowRows {
  const void* src;
  DType dtype;
  void* dst;
  DType storage;
  float* scales;  // [rows], written where storage is i8
  int64_t rows, cols;
};

/** What packing an [n, k] matrix made, for `linear` and `gemm`; data is null where there is none.
 */
struct Panels {
  const void* data = nullptr;
  DType storage = DType::f32;
  /** What will be read after it, as far as is known: its first bytes are fetched at the end. */
  std::span<const std::byte> next = {};
};

/** out [m, n] = a [m, k] · b. Exactly one of `b` and `b_packed` is set. */
struct Gemm {
  const float* a;
  const float* b;   // [k, n], or [n, k] when transpose_b
  Panels b_packed;  // of [n, k]; transpose_b is true then
  bool transpose_b;
  float* out;
  int64_t m, n, k;
};

/** out[g·stride_out …] = a[g·stride_a …] (m × k) times b[g·stride_b …] (k × n, or n × k when
 * transpose_b). */
struct GemmBatched {
  const float* a;
  const float* b;
  bool transpose_b;
  float* out;
  int64_t batch, m, n, k;
  int64_t stride_a, stride_b, stride_out;
};

/** out [rows, outputs] = activation(x [rows, inputs] · weightᵀ + bias). Exactly one of the weights
 * is set. */
struct Linear {
  const float* x;
  const float* weight;   // [outputs, inputs]
  Panels weight_packed;  // of [outputs, inputs]
  const float* bias;     // [outputs] or null
  Activation activation;
  float* out;
  int64_t rows, inputs, outputs;
};

// ---- norm

/** out = (x − mean) / √(var + eps) · weight + bias over each row. */
struct LayerNorm {
  const float* x;
  const float* weight;  // [cols]
  const float* bias;    // [cols] or null
  float* out;           // may be x
  int64_t rows, cols;
  float eps;
};

/** sum = x + residual, out = layer_norm(sum). */
struct FusedResidualLayerNorm {
  const float* x;
  const float* residual;
  const float* weight;  // [cols]
  const float* bias;    // [cols] or null
  float* sum;           // or null; may be x or residual
  float* out;           // may be x or residual
  int64_t rows, cols;
  float eps;
};

// ---- attention

/** out = softmax(scale · rope(q) · rope(k)ᵀ + position_bias) · v inside each sequence, window and
 * past. */
struct Attention {
  const float* qkv;  // [total, 3·heads·head_dim]
  Sequences sequences;
  float* out;  // [total, heads·head_dim]
  int64_t heads, head_dim;
  float scale;
  int64_t window;  // key j is visible to query i iff |i − j| ≤ window / 2; −1: no window
  const float* rope_cos;        // [positions, head_dim / 2]; the three are all set or all null
  const float* rope_sin;        // [positions, head_dim / 2]
  const int32_t* position_ids;  // [total]
  /** [heads, distances] or null, of distance key − query at clamp(…) + distances / 2, distances odd.
   * −infinity hides the key. */
  const float* position_bias = nullptr;
  int64_t distances = 0;
  bool causal = false;  // key j is visible to query i only if j ≤ i
};

/** out = softmax(scale · x + mask) over the keys inside the window; hidden keys get 0. */
struct ScaleMaskSoftmax {
  const float* x;     // [batch, heads, queries, keys]
  const float* mask;  // [batch, keys] or null
  float* out;         // may be x
  int64_t batch, heads, queries, keys;
  float scale;
  int64_t window;  // −1: no window
};

/** out [batch, max_seq_len]: 0 at tokens, −infinity behind them. */
struct BuildAttnMask {
  Sequences sequences;
  float* out;
};

/** Rotates the first `heads` heads of each row by pairs (d, d + head_dim / 2), copies the others.
 */
struct ApplyRope {
  const float* x;               // [rows, width]
  const float* cos;             // [positions, head_dim / 2]
  const float* sin;             // [positions, head_dim / 2]
  const int32_t* position_ids;  // [rows]
  float* out;                   // [rows, width], may be x
  int64_t rows, width, heads, head_dim;
};

// ---- pointwise

/** out = x + bias. */
struct AddBias {
  const float* x;
  const float* bias;  // [cols]
  float* out;         // may be x
  int64_t rows, cols;
};

/** out = x + residual. */
struct ResidualAdd {
  const float* x;
  const float* residual;
  float* out;  // may be x or residual
  int64_t size;
};

/** out = x + bias + residual. */
struct FusedBiasResidual {
  const float* x;
  const float* bias;  // [cols]
  const float* residual;
  float* out;  // may be x
  int64_t rows, cols;
};

/** out = gelu(x). */
struct Gelu {
  const float* x;
  Activation form;
  float* out;  // may be x
  int64_t size;
};

/** out = gelu(x + bias). */
struct FusedBiasGelu {
  const float* x;
  const float* bias;  // [cols]
  Activation form;
  float* out;  // may be x
  int64_t rows, cols;
};

/** out = gelu(value) · gate. */
struct Geglu {
  const float* value;
  const float* gate;
  Activation form;
  float* out;
  int64_t size;
};

/** x [rows, 2·cols], value then gate: out = gelu(value) · gate. */
struct FusedSplitGeglu {
  const float* x;
  Activation form;
  float* out;
  int64_t rows, cols;
};

/** out = value · sigmoid(value) · gate. */
struct Swiglu {
  const float* value;
  const float* gate;
  float* out;
  int64_t size;
};

/** out = tanh(x). */
struct Tanh {
  const float* x;
  float* out;  // may be x
  int64_t size;
};

/** out = max(x, 0). */
struct Relu {
  const float* x;
  float* out;  // may be x
  int64_t size;
};

// ---- pooling

/** out [batch, cols] from packed x [total, cols]; zeros for a sequence without tokens. */
struct PoolTokens {
  const float* x;
  Sequences sequences;
  float* out;
  int64_t cols;
};

/** out = x / max(‖x‖₂, 1e-12) over each row. */
struct L2Normalize {
  const float* x;
  float* out;  // may be x
  int64_t rows, cols;
};

}  // namespace ripvec
