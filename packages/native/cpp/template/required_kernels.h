// The required ops as plain loops over f32 in host memory. Core composes the other ops from them. A
// new driver starts with these loops, with which it passes the conformance kit, and then replaces
// them one at a time with its own kernels.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "generated/op_params.h"

namespace ripvec {

inline void copy_row(const float* from, int64_t n, float* to) { std::copy_n(from, n, to); }

template <class F>
void each(int64_t n, const F& f) {
  for (int64_t i = 0; i < n; i++) f(i);
}

/** Calls f(b, s, row) for every token s of every sequence b, in row `row` of packed tensors. */
template <class F>
void each_token(const Sequences& of, const F& f) {
  for (int64_t b = 0; b < of.batch; b++) {
    for (int64_t row = of.cu_seqlens[b]; row < of.cu_seqlens[b + 1]; row++) {
      f(b, row - of.cu_seqlens[b], row);
    }
  }
}

inline void kernel(const PadToBatch& p) {
  std::fill_n(p.out, p.sequences.batch * p.sequences.max_seq_len * p.cols, 0.0f);
  each_token(p.sequences, [&](int64_t b, int64_t s, int64_t row) {
    copy_row(p.x + row * p.cols, p.cols, p.out + (b * p.sequences.max_seq_len + s) * p.cols);
  });
}
inline void kernel(const UnpadFromBatch& p) {
  each_token(p.sequences, [&](int64_t b, int64_t s, int64_t row) {
    copy_row(p.x + (b * p.sequences.max_seq_len + s) * p.cols, p.cols, p.out + row * p.cols);
  });
}
inline void kernel(const QkvSplit& p) {
  float* const outs[] = {p.q, p.k, p.v};
  each(p.batch * p.seq_len * 3 * p.heads, [&](int64_t i) {
    const int64_t h = i % p.heads, part = i / p.heads % 3, row = i / p.heads / 3;
    const int64_t to = (row / p.seq_len * p.heads + h) * p.seq_len + row % p.seq_len;
    copy_row(p.qkv + i * p.head_dim, p.head_dim, outs[part] + to * p.head_dim);
  });
}
inline void kernel(const AttnReshape& p) {
  each(p.batch * p.seq_len * p.heads, [&](int64_t i) {
    const int64_t h = i % p.heads, row = i / p.heads;
    const int64_t from = (row / p.seq_len * p.heads + h) * p.seq_len + row % p.seq_len;
    copy_row(p.x + from * p.head_dim, p.head_dim, p.out + i * p.head_dim);
  });
}
inline void kernel(const SplitGateValue& p) {
  each(p.rows, [&](int64_t row) {
    copy_row(p.x + 2 * row * p.cols, p.cols, p.value + row * p.cols);
    copy_row(p.x + (2 * row + 1) * p.cols, p.cols, p.gate + row * p.cols);
  });
}
/** Converts between f32 and i32. */
inline void kernel(const Convert& p) {
  if (p.x_dtype == p.out_dtype) {
    std::memcpy(p.out, p.x, static_cast<size_t>(p.size) * sizeof(float));
  } else if (p.out_dtype == DType::f32) {
    const auto* x = static_cast<const int32_t*>(p.x);
    each(p.size, [&](int64_t i) { static_cast<float*>(p.out)[i] = static_cast<float>(x[i]); });
  } else {
    each(p.size, [&](int64_t i) {
      const double x = static_cast<const float*>(p.x)[i];
      const double whole = std::isnan(x) ? 0 : std::clamp(x, -2147483648.0, 2147483647.0);
      static_cast<int32_t*>(p.out)[i] = static_cast<int32_t>(whole);
    });
  }
}
inline void kernel(const Copy& p) {
  std::memcpy(p.out, p.x, static_cast<size_t>(p.size * byte_length_of(p.x_dtype)));
}
inline void kernel(const EmbeddingLookup& p) {
  each(p.rows,
       [&](int64_t r) { copy_row(p.table + p.ids[r] * p.cols, p.cols, p.out + r * p.cols); });
}
inline void kernel(const AddEmbeddings& p) {
  each(p.rows * p.cols,
       [&](int64_t i) { p.out[i] = p.x[i] + p.table[p.ids[i / p.cols] * p.cols + i % p.cols]; });
}
inline void kernel(const Gemm& p) {
  each(p.m * p.n, [&](int64_t i) {
    const float* a = p.a + i / p.n * p.k;
    const float* b = p.b + i % p.n * (p.transpose_b ? p.k : 1);
    double sum = 0;
    each(p.k, [&](int64_t k) { sum += double{a[k]} * double{b[p.transpose_b ? k : k * p.n]}; });
    p.out[i] = static_cast<float>(sum);
  });
}
inline void kernel(const GemmBatched& p) {
  each(p.batch, [&](int64_t g) {
    kernel(Gemm{.a = p.a + g * p.stride_a,
                .b = p.b + g * p.stride_b,
                .out = p.out + g * p.stride_out,
                .m = p.m,
                .n = p.n,
                .k = p.k,
                .transpose_b = p.transpose_b});
  });
}
inline void kernel(const LayerNorm& p) {
  each(p.rows, [&](int64_t row) {
    const float* x = p.x + row * p.cols;
    double mean = 0, variance = 0;
    each(p.cols, [&](int64_t i) { mean += x[i] / static_cast<double>(p.cols); });
    each(p.cols, [&](int64_t i) {
      variance += (x[i] - mean) * (x[i] - mean) / static_cast<double>(p.cols);
    });
    each(p.cols, [&](int64_t i) {
      const double normal = (x[i] - mean) / std::sqrt(variance + double{p.eps});
      p.out[row * p.cols + i] =
          static_cast<float>(normal * double{p.weight[i]} + (p.bias ? double{p.bias[i]} : 0));
    });
  });
}
inline void kernel(const ScaleMaskSoftmax& p) {
  const int64_t reach = p.window < 0 ? p.queries + p.keys : p.window / 2;
  each(p.batch * p.heads * p.queries, [&](int64_t row) {
    const float* mask = p.mask ? p.mask + row / (p.heads * p.queries) * p.keys : nullptr;
    float* out = p.out + row * p.keys;
    double top = -INFINITY, total = 0;
    each(p.keys, [&](int64_t j) {
      const bool hidden = std::abs(row % p.queries - j) > reach || (mask && mask[j] == -INFINITY);
      const float score = p.x[row * p.keys + j] * p.scale + (mask ? mask[j] : 0);
      out[j] = hidden ? -INFINITY : score;
      if (out[j] > top) top = double{out[j]};
    });
    each(p.keys, [&](int64_t j) {
      out[j] = out[j] == -INFINITY ? 0 : static_cast<float>(std::exp(double{out[j]} - top));
      total += double{out[j]};
    });
    each(p.keys,
         [&](int64_t j) { out[j] = total == 0 ? 0 : static_cast<float>(double{out[j]} / total); });
  });
}
inline void kernel(const ApplyRope& p) {
  const int64_t half = p.head_dim / 2;
  each(p.rows * p.width / p.head_dim, [&](int64_t i) {
    const int64_t per_row = p.width / p.head_dim, row = i / per_row;
    const float* x = p.x + i * p.head_dim;
    float* out = p.out + i * p.head_dim;
    if (i % per_row >= p.heads) return std::copy_n(x, p.head_dim, out), void();
    each(half, [&](int64_t d) {
      const float c = p.cos[p.position_ids[row] * half + d];
      const float s = p.sin[p.position_ids[row] * half + d];
      const float a = x[d], b = x[d + half];
      out[d] = a * c - b * s;
      out[d + half] = b * c + a * s;
    });
  });
}
inline void kernel(const AddBias& p) {
  each(p.rows * p.cols, [&](int64_t i) { p.out[i] = p.x[i] + p.bias[i % p.cols]; });
}
inline void kernel(const ResidualAdd& p) {
  each(p.size, [&](int64_t i) { p.out[i] = p.x[i] + p.residual[i]; });
}
inline void kernel(const Gelu& p) {
  each(p.size, [&](int64_t i) {
    const double x = double{p.x[i]};
    const double inner = std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x);
    p.out[i] =
        static_cast<float>(p.form == GeluForm::tanh ? x / 2 * (1 + std::tanh(inner))
                                                    : x / 2 * std::erfc(-x / std::numbers::sqrt2));
  });
}
inline void kernel(const Tanh& p) {
  each(p.size, [&](int64_t i) { p.out[i] = std::tanh(p.x[i]); });
}
inline void kernel(const ClsPool& p) {
  std::fill_n(p.out, p.sequences.batch * p.cols, 0.0f);
  each_token(p.sequences, [&](int64_t b, int64_t s, int64_t row) {
    if (s == 0) copy_row(p.x + row * p.cols, p.cols, p.out + b * p.cols);
  });
}
inline void kernel(const MeanPool& p) {
  each(p.sequences.batch * p.cols, [&](int64_t i) {
    const int32_t* from = p.sequences.cu_seqlens + i / p.cols;
    double sum = 0;
    for (int64_t row = from[0]; row < from[1]; row++) sum += double{p.x[row * p.cols + i % p.cols]};
    p.out[i] = static_cast<float>(sum / std::max(1, from[1] - from[0]));
  });
}
inline void kernel(const L2Normalize& p) {
  each(p.rows, [&](int64_t row) {
    const float* x = p.x + row * p.cols;
    double squares = 0;
    each(p.cols, [&](int64_t i) { squares += double{x[i]} * double{x[i]}; });
    const double length = std::max(std::sqrt(squares), 1e-12);
    each(p.cols, [&](int64_t i) { p.out[row * p.cols + i] = static_cast<float>(x[i] / length); });
  });
}

}  // namespace ripvec
