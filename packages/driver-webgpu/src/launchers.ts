import type { OpName } from "@ripvec/core";
import type { Launcher } from "./dispatch.js";
import { add_embeddings } from "./ops/add_embeddings.js";
import { attention } from "./ops/attention.js";
import { cls_pool } from "./ops/cls_pool.js";
import { copy } from "./ops/copy.js";
import { embedding_lookup } from "./ops/embedding_lookup.js";
import { fused_residual_layer_norm } from "./ops/fused_residual_layer_norm.js";
import { gemm } from "./ops/gemm.js";
import { gemm_batched } from "./ops/gemm_batched.js";
import { l2_normalize } from "./ops/l2_normalize.js";
import { last_pool } from "./ops/last_pool.js";
import { layer_norm } from "./ops/layer_norm.js";
import { linear } from "./ops/linear.js";
import { mean_pool } from "./ops/mean_pool.js";
import { tanh } from "./ops/tanh.js";

export type LauncherTable = { readonly [K in OpName]?: Launcher<K> };

/** Every op that has a kernel of its own. */
export const launchers: LauncherTable = {
  copy,
  embedding_lookup,
  add_embeddings,
  gemm,
  gemm_batched,
  linear,
  layer_norm,
  fused_residual_layer_norm,
  attention,
  tanh,
  cls_pool,
  mean_pool,
  last_pool,
  l2_normalize,
};
