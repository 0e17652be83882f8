import type { OpName } from "@ripvec/core/driver";
import { add_bias } from "./add_bias.js";
import { add_embeddings } from "./add_embeddings.js";
import { apply_rope } from "./apply_rope.js";
import { attention } from "./attention.js";
import { attn_reshape } from "./attn_reshape.js";
import { banded_qk } from "./banded_qk.js";
import { banded_softmax } from "./banded_softmax.js";
import { banded_sv } from "./banded_sv.js";
import { build_attn_mask } from "./build_attn_mask.js";
import { cls_pool } from "./cls_pool.js";
import { convert } from "./convert.js";
import { copy } from "./copy.js";
import { embedding_lookup } from "./embedding_lookup.js";
import { fused_bias_gelu } from "./fused_bias_gelu.js";
import { fused_bias_residual } from "./fused_bias_residual.js";
import { fused_pad_qkv_split } from "./fused_pad_qkv_split.js";
import { fused_reshape_unpad } from "./fused_reshape_unpad.js";
import { fused_residual_layer_norm } from "./fused_residual_layer_norm.js";
import { fused_split_geglu } from "./fused_split_geglu.js";
import { geglu } from "./geglu.js";
import { gelu } from "./gelu.js";
import { gemm } from "./gemm.js";
import { gemm_batched } from "./gemm_batched.js";
import type { Reference } from "./host-args.js";
import { l2_normalize } from "./l2_normalize.js";
import { last_pool } from "./last_pool.js";
import { layer_norm } from "./layer_norm.js";
import { linear } from "./linear.js";
import { max_pool } from "./max_pool.js";
import { mean_pool } from "./mean_pool.js";
import { pad_to_batch } from "./pad_to_batch.js";
import { qkv_split } from "./qkv_split.js";
import { relu } from "./relu.js";
import { residual_add } from "./residual_add.js";
import { scale_mask_softmax } from "./scale_mask_softmax.js";
import { split_gate_value } from "./split_gate_value.js";
import { swiglu } from "./swiglu.js";
import { tanh } from "./tanh.js";
import { unpad_from_batch } from "./unpad_from_batch.js";

/** Every op of the contract in f64. */
export const references: { readonly [K in OpName]: Reference<K> } = {
  pad_to_batch,
  unpad_from_batch,
  qkv_split,
  attn_reshape,
  split_gate_value,
  convert,
  copy,
  fused_pad_qkv_split,
  fused_reshape_unpad,
  embedding_lookup,
  add_embeddings,
  gemm,
  gemm_batched,
  linear,
  layer_norm,
  fused_residual_layer_norm,
  scale_mask_softmax,
  build_attn_mask,
  banded_qk,
  banded_softmax,
  banded_sv,
  apply_rope,
  attention,
  add_bias,
  residual_add,
  gelu,
  tanh,
  relu,
  swiglu,
  geglu,
  fused_bias_gelu,
  fused_bias_residual,
  fused_split_geglu,
  cls_pool,
  mean_pool,
  last_pool,
  max_pool,
  l2_normalize,
};
