// One row an op: the params of its kernel, read from the command in contract order (the order of
// `tensors` in core's spec; numbers in the order of src/commands.ts).
#include "runtime/op_table.h"

#include <cstring>

namespace ripvec {

namespace {

using K = const KernelTable&;
using Pool = ThreadPool&;
using C = const Command&;

/** x: byteLength, value. Stands for `alloc` with poison and for `allocZeroed`. */
void fill(K, Pool, C c) {
  std::memset(c.raw(0), static_cast<int>(c.size(1)), static_cast<size_t>(c.size(0)));
}

/** A weight comes packed for a transposed product; where it is kept in bytes, `linear` is the one.
 */
void gemm(K k, Pool p, const Gemm& args) {
  if (args.b_packed.storage != DType::i8) return k.gemm(p, args);
  k.i8->linear(p, {.x = args.a,
                   .weight = nullptr,
                   .weight_packed = args.b_packed,
                   .bias = nullptr,
                   .activation = Activation::none,
                   .out = args.out,
                   .rows = args.m,
                   .inputs = args.k,
                   .outputs = args.n});
}

constexpr OpEntry kOps[] = {
    {"fill", 1, 2, fill},

    // layout
    {"pad_to_batch", 3, 3,
     [](K k, Pool p, C c) {
       k.pad_to_batch(
           p, {.x = c.in(1), .sequences = c.sequences(), .out = c.out(2), .cols = c.size(2)});
     }},
    {"unpad_from_batch", 3, 3,
     [](K k, Pool p, C c) {
       k.unpad_from_batch(
           p, {.x = c.in(1), .sequences = c.sequences(), .out = c.out(2), .cols = c.size(2)});
     }},
    {"qkv_split", 4, 4,
     [](K k, Pool p, C c) {
       k.qkv_split(p, {.qkv = c.in(0),
                       .q = c.out(1),
                       .k = c.out(2),
                       .v = c.out(3),
                       .batch = c.size(0),
                       .seq_len = c.size(1),
                       .heads = c.size(2),
                       .head_dim = c.size(3)});
     }},
    {"attn_reshape", 2, 4,
     [](K k, Pool p, C c) {
       k.attn_reshape(p, {.x = c.in(0),
                          .out = c.out(1),
                          .batch = c.size(0),
                          .heads = c.size(1),
                          .seq_len = c.size(2),
                          .head_dim = c.size(3)});
     }},
    {"split_gate_value", 3, 2,
     [](K k, Pool p, C c) {
       k.split_gate_value(p, {.x = c.in(0),
                              .value = c.out(1),
                              .gate = c.out(2),
                              .rows = c.size(0),
                              .cols = c.size(1)});
     }},
    {"convert", 2, 3,
     [](K k, Pool p, C c) {
       k.convert(p, {.x = c.raw(0),
                     .from = c.dtype(0),
                     .out = c.raw(1),
                     .to = c.dtype(1),
                     .size = c.size(2)});
     }},
    {"copy", 2, 1,
     [](K k, Pool p, C c) { k.copy(p, {.x = c.raw(0), .out = c.raw(1), .bytes = c.size(0)}); }},
    {"fused_pad_qkv_split", 5, 4,
     [](K k, Pool p, C c) {
       k.fused_pad_qkv_split(p, {.qkv = c.in(1),
                                 .sequences = c.sequences(),
                                 .q = c.out(2),
                                 .k = c.out(3),
                                 .v = c.out(4),
                                 .heads = c.size(2),
                                 .head_dim = c.size(3)});
     }},
    {"fused_reshape_unpad", 3, 4,
     [](K k, Pool p, C c) {
       k.fused_reshape_unpad(p, {.x = c.in(1),
                                 .sequences = c.sequences(),
                                 .out = c.out(2),
                                 .heads = c.size(2),
                                 .head_dim = c.size(3)});
     }},

    // embedding
    {"embedding_lookup", 3, 2,
     [](K k, Pool p, C c) {
       const TableRows rows = c.rows(p, 0, 1, c.size(0));
       k.embedding_lookup(p, {.table = rows.table,
                              .ids = rows.ids,
                              .out = c.out(2),
                              .rows = c.size(0),
                              .cols = c.size(1)});
     }},
    {"add_embeddings", 4, 2,
     [](K k, Pool p, C c) {
       const TableRows rows = c.rows(p, 1, 2, c.size(0));
       k.add_embeddings(p, {.x = c.in(0),
                            .table = rows.table,
                            .ids = rows.ids,
                            .out = c.out(3),
                            .rows = c.size(0),
                            .cols = c.size(1)});
     }},

    // linear
    {"gemm", 3, 4,
     [](K k, Pool p, C c) {
       const MatrixOperand b = c.matrix(1);
       gemm(k, p,
            {.a = c.in(0),
             .b = b.plain,
             .b_packed = b.packed,
             .transpose_b = c.flag(3),
             .out = c.out(2),
             .m = c.size(0),
             .n = c.size(1),
             .k = c.size(2)});
     }},
    {"gemm_batched", 3, 8,
     [](K k, Pool p, C c) {
       k.gemm_batched(p, {.a = c.in(0),
                          .b = c.in(1),
                          .transpose_b = c.flag(7),
                          .out = c.out(2),
                          .batch = c.size(0),
                          .m = c.size(1),
                          .n = c.size(2),
                          .k = c.size(3),
                          .stride_a = c.size(4),
                          .stride_b = c.size(5),
                          .stride_out = c.size(6)});
     }},
    {"linear", 4, 4,
     [](K k, Pool p, C c) {
       const MatrixOperand weight = c.matrix(1);
       linear(k, p,
              {.x = c.in(0),
               .weight = weight.plain,
               .weight_packed = weight.packed,
               .bias = c.in(2),
               .activation = c.activation(3),
               .out = c.out(3),
               .rows = c.size(0),
               .inputs = c.size(1),
               .outputs = c.size(2)});
     }},

    // norm
    {"layer_norm", 4, 3,
     [](K k, Pool p, C c) {
       k.layer_norm(p, {.x = c.in(0),
                        .weight = c.in(1),
                        .bias = c.in(2),
                        .out = c.out(3),
                        .rows = c.size(0),
                        .cols = c.size(1),
                        .eps = c.real(2)});
     }},
    {"fused_residual_layer_norm", 6, 3,
     [](K k, Pool p, C c) {
       k.fused_residual_layer_norm(p, {.x = c.in(0),
                                       .residual = c.in(1),
                                       .weight = c.in(2),
                                       .bias = c.in(3),
                                       .sum = c.out(4),
                                       .out = c.out(5),
                                       .rows = c.size(0),
                                       .cols = c.size(1),
                                       .eps = c.real(2)});
     }},

    // attention
    {"scale_mask_softmax", 3, 6,
     [](K k, Pool p, C c) {
       k.scale_mask_softmax(p, {.x = c.in(0),
                                .mask = c.in(1),
                                .out = c.out(2),
                                .batch = c.size(0),
                                .heads = c.size(1),
                                .queries = c.size(2),
                                .keys = c.size(3),
                                .scale = c.real(4),
                                .window = c.size(5)});
     }},
    {"build_attn_mask", 2, 2,
     [](K k, Pool p, C c) { k.build_attn_mask(p, {.sequences = c.sequences(), .out = c.out(1)}); }},
    {"apply_rope", 5, 4,
     [](K k, Pool p, C c) {
       k.apply_rope(p, {.x = c.in(0),
                        .cos = c.in(1),
                        .sin = c.in(2),
                        .position_ids = c.ids(3),
                        .out = c.out(4),
                        .rows = c.size(0),
                        .width = c.size(1),
                        .heads = c.size(2),
                        .head_dim = c.size(3)});
     }},
    {"attention", 7, 8,
     [](K k, Pool p, C c) {
       k.attention(p, {.qkv = c.in(1),
                       .sequences = c.sequences(),
                       .out = c.out(6),
                       .heads = c.size(2),
                       .head_dim = c.size(3),
                       .scale = c.real(4),
                       .window = c.size(5),
                       .rope_cos = c.in(2),
                       .rope_sin = c.in(3),
                       .position_ids = c.ids(4),
                       .position_bias = c.in(5),
                       .distances = c.size(7),
                       .causal = c.flag(6)});
     }},

    // pointwise
    {"add_bias", 3, 2,
     [](K k, Pool p, C c) {
       k.add_bias(
           p,
           {.x = c.in(0), .bias = c.in(1), .out = c.out(2), .rows = c.size(0), .cols = c.size(1)});
     }},
    {"residual_add", 3, 1,
     [](K k, Pool p, C c) {
       k.residual_add(p, {.x = c.in(0), .residual = c.in(1), .out = c.out(2), .size = c.size(0)});
     }},
    {"gelu", 2, 2,
     [](K k, Pool p, C c) {
       k.gelu(p, {.x = c.in(0), .form = c.activation(1), .out = c.out(1), .size = c.size(0)});
     }},
    {"tanh", 2, 1,
     [](K k, Pool p, C c) { k.tanh(p, {.x = c.in(0), .out = c.out(1), .size = c.size(0)}); }},
    {"relu", 2, 1,
     [](K k, Pool p, C c) { k.relu(p, {.x = c.in(0), .out = c.out(1), .size = c.size(0)}); }},
    {"swiglu", 3, 1,
     [](K k, Pool p, C c) {
       k.swiglu(p, {.value = c.in(0), .gate = c.in(1), .out = c.out(2), .size = c.size(0)});
     }},
    {"geglu", 3, 2,
     [](K k, Pool p, C c) {
       k.geglu(p, {.value = c.in(0),
                   .gate = c.in(1),
                   .form = c.activation(1),
                   .out = c.out(2),
                   .size = c.size(0)});
     }},
    {"fused_bias_gelu", 3, 3,
     [](K k, Pool p, C c) {
       k.fused_bias_gelu(p, {.x = c.in(0),
                             .bias = c.in(1),
                             .form = c.activation(2),
                             .out = c.out(2),
                             .rows = c.size(0),
                             .cols = c.size(1)});
     }},
    {"fused_bias_residual", 4, 2,
     [](K k, Pool p, C c) {
       k.fused_bias_residual(p, {.x = c.in(0),
                                 .bias = c.in(1),
                                 .residual = c.in(2),
                                 .out = c.out(3),
                                 .rows = c.size(0),
                                 .cols = c.size(1)});
     }},
    {"fused_split_geglu", 2, 3,
     [](K k, Pool p, C c) {
       k.fused_split_geglu(p, {.x = c.in(0),
                               .form = c.activation(2),
                               .out = c.out(1),
                               .rows = c.size(0),
                               .cols = c.size(1)});
     }},

    // pooling
    {"cls_pool", 3, 3,
     [](K k, Pool p, C c) {
       k.cls_pool(p,
                  {.x = c.in(1), .sequences = c.sequences(), .out = c.out(2), .cols = c.size(2)});
     }},
    {"mean_pool", 3, 3,
     [](K k, Pool p, C c) {
       k.mean_pool(p,
                   {.x = c.in(1), .sequences = c.sequences(), .out = c.out(2), .cols = c.size(2)});
     }},
    {"last_pool", 3, 3,
     [](K k, Pool p, C c) {
       k.last_pool(p,
                   {.x = c.in(1), .sequences = c.sequences(), .out = c.out(2), .cols = c.size(2)});
     }},
    {"max_pool", 3, 3,
     [](K k, Pool p, C c) {
       k.max_pool(p,
                  {.x = c.in(1), .sequences = c.sequences(), .out = c.out(2), .cols = c.size(2)});
     }},
    {"l2_normalize", 2, 2,
     [](K k, Pool p, C c) {
       k.l2_normalize(p, {.x = c.in(0), .out = c.out(1), .rows = c.size(0), .cols = c.size(1)});
     }},
};

}  // namespace

std::span<const OpEntry> op_table() { return kOps; }

}  // namespace ripvec
