import type { OpName } from "@ripvec/core/driver";
import type { Launcher } from "./dispatch.js";
import { add_bias } from "./ops/add_bias.js";
import { add_embeddings } from "./ops/add_embeddings.js";
import { apply_rope } from "./ops/apply_rope.js";
import { attention } from "./ops/attention.js";
import { attn_reshape } from "./ops/attn_reshape.js";
import { banded_qk } from "./ops/banded_qk.js";
import { banded_softmax } from "./ops/banded_softmax.js";
import { banded_sv } from "./ops/banded_sv.js";
import { build_attn_mask } from "./ops/build_attn_mask.js";
import { cls_pool } from "./ops/cls_pool.js";
import { convert } from "./ops/convert.js";
import { copy } from "./ops/copy.js";
import { embedding_lookup } from "./ops/embedding_lookup.js";
import { fused_bias_gelu } from "./ops/fused_bias_gelu.js";
import { fused_bias_residual } from "./ops/fused_bias_residual.js";
import { fused_pad_qkv_split } from "./ops/fused_pad_qkv_split.js";
import { fused_reshape_unpad } from "./ops/fused_reshape_unpad.js";
import { fused_residual_layer_norm } from "./ops/fused_residual_layer_norm.js";
import { fused_split_geglu } from "./ops/fused_split_geglu.js";
import { geglu } from "./ops/geglu.js";
import { gelu } from "./ops/gelu.js";
import { gemm } from "./ops/gemm.js";
import { gemm_batched } from "./ops/gemm_batched.js";
import { l2_normalize } from "./ops/l2_normalize.js";
import { last_pool } from "./ops/last_pool.js";
import { layer_norm } from "./ops/layer_norm.js";
import { linear } from "./ops/linear.js";
import { max_pool } from "./ops/max_pool.js";
import { mean_pool } from "./ops/mean_pool.js";
import { pad_to_batch } from "./ops/pad_to_batch.js";
import { qkv_split } from "./ops/qkv_split.js";
import { relu } from "./ops/relu.js";
import { residual_add } from "./ops/residual_add.js";
import { scale_mask_softmax } from "./ops/scale_mask_softmax.js";
import { split_gate_value } from "./ops/split_gate_value.js";
import { swiglu } from "./ops/swiglu.js";
import { tanh } from "./ops/tanh.js";
import { unpad_from_batch } from "./ops/unpad_from_batch.js";

/** Every op of the contract, in its order. */
export const launchers: { readonly [K in OpName]: Launcher<K> } = {
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
