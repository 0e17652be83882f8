// The table of this instruction set's kernels.
#include "ops/kernels.h"
#include "runtime/matmul_i8.h"
#include "runtime/narrow_rows.h"
#include "runtime/packed_matrix.h"

namespace ripvec::RIPVEC_ISA {

extern const KernelTable kernels;
const KernelTable kernels = {
    .packed_bytes = packed_bytes,
    .pack_matrix = pack_matrix,
    .narrow_rows = narrow_rows,
    .i8 = &i8_kernels,
    .add_bias = add_bias,
    .add_embeddings = add_embeddings,
    .apply_rope = apply_rope,
    .attention = attention,
    .attn_reshape = attn_reshape,
    .build_attn_mask = build_attn_mask,
    .cls_pool = cls_pool,
    .convert = convert,
    .copy = copy,
    .embedding_lookup = embedding_lookup,
    .fused_bias_gelu = fused_bias_gelu,
    .fused_bias_residual = fused_bias_residual,
    .fused_pad_qkv_split = fused_pad_qkv_split,
    .fused_reshape_unpad = fused_reshape_unpad,
    .fused_residual_layer_norm = fused_residual_layer_norm,
    .fused_split_geglu = fused_split_geglu,
    .geglu = geglu,
    .gelu = gelu,
    .gemm = gemm,
    .gemm_batched = gemm_batched,
    .l2_normalize = l2_normalize,
    .last_pool = last_pool,
    .layer_norm = layer_norm,
    .linear = linear,
    .max_pool = max_pool,
    .mean_pool = mean_pool,
    .pad_to_batch = pad_to_batch,
    .qkv_split = qkv_split,
    .relu = relu,
    .residual_add = residual_add,
    .scale_mask_softmax = scale_mask_softmax,
    .split_gate_value = split_gate_value,
    .swiglu = swiglu,
    .tanh = tanh,
    .unpad_from_batch = unpad_from_batch,
};

}  // namespace ripvec::RIPVEC_ISA
