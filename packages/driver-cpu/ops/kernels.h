// The kernels of one instruction set, one file an op. Pointers, sizes and aliasing:
// runtime/kernels.h.
#pragma once

#include "runtime/kernels.h"

namespace ripvec::RIPVEC_ISA {

void add_bias(ThreadPool& pool, const AddBias& args);
void add_embeddings(ThreadPool& pool, const AddEmbeddings& args);
void apply_rope(ThreadPool& pool, const ApplyRope& args);
void attention(ThreadPool& pool, const Attention& args);
void attn_reshape(ThreadPool& pool, const AttnReshape& args);
void build_attn_mask(ThreadPool& pool, const BuildAttnMask& args);
void cls_pool(ThreadPool& pool, const PoolTokens& args);
void convert(ThreadPool& pool, const Convert& args);
void copy(ThreadPool& pool, const Copy& args);
void embedding_lookup(ThreadPool& pool, const EmbeddingLookup& args);
void fused_bias_gelu(ThreadPool& pool, const FusedBiasGelu& args);
void fused_bias_residual(ThreadPool& pool, const FusedBiasResidual& args);
void fused_pad_qkv_split(ThreadPool& pool, const FusedPadQkvSplit& args);
void fused_reshape_unpad(ThreadPool& pool, const FusedReshapeUnpad& args);
void fused_residual_layer_norm(ThreadPool& pool, const FusedResidualLayerNorm& args);
void fused_split_geglu(ThreadPool& pool, const FusedSplitGeglu& args);
void geglu(ThreadPool& pool, const Geglu& args);
void gelu(ThreadPool& pool, const Gelu& args);
void gemm(ThreadPool& pool, const Gemm& args);
void gemm_batched(ThreadPool& pool, const GemmBatched& args);
void l2_normalize(ThreadPool& pool, const L2Normalize& args);
void last_pool(ThreadPool& pool, const PoolTokens& args);
void layer_norm(ThreadPool& pool, const LayerNorm& args);
void linear(ThreadPool& pool, const Linear& args);
void max_pool(ThreadPool& pool, const PoolTokens& args);
void mean_pool(ThreadPool& pool, const PoolTokens& args);
void pad_to_batch(ThreadPool& pool, const PadToBatch& args);
void qkv_split(ThreadPool& pool, const QkvSplit& args);
void relu(ThreadPool& pool, const Relu& args);
void residual_add(ThreadPool& pool, const ResidualAdd& args);
void scale_mask_softmax(ThreadPool& pool, const ScaleMaskSoftmax& args);
void split_gate_value(ThreadPool& pool, const SplitGateValue& args);
void swiglu(ThreadPool& pool, const Swiglu& args);
void tanh(ThreadPool& pool, const Tanh& args);
void unpad_from_batch(ThreadPool& pool, const UnpadFromBatch& args);

}  // namespace ripvec::RIPVEC_ISA
