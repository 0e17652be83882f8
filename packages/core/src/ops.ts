import type { Capabilities } from "./capabilities.js";
import type { DType } from "./dtype.js";
import type { SequenceLayout } from "./layout.js";
import type { OpSpec } from "./op-spec.js";
import { type AddBiasArgs, add_bias } from "./ops/add_bias.js";
import { type AddEmbeddingsArgs, add_embeddings } from "./ops/add_embeddings.js";
import { type ApplyRopeArgs, apply_rope } from "./ops/apply_rope.js";
import { type AttentionArgs, attention } from "./ops/attention.js";
import { type AttnReshapeArgs, attn_reshape } from "./ops/attn_reshape.js";
import { type BandedQkArgs, banded_qk } from "./ops/banded_qk.js";
import { type BandedSoftmaxArgs, banded_softmax } from "./ops/banded_softmax.js";
import { type BandedSvArgs, banded_sv } from "./ops/banded_sv.js";
import { type BuildAttnMaskArgs, build_attn_mask } from "./ops/build_attn_mask.js";
import { type ClsPoolArgs, cls_pool } from "./ops/cls_pool.js";
import { type ConvertArgs, convert } from "./ops/convert.js";
import { type CopyArgs, copy } from "./ops/copy.js";
import { type EmbeddingLookupArgs, embedding_lookup } from "./ops/embedding_lookup.js";
import { type FusedBiasGeluArgs, fused_bias_gelu } from "./ops/fused_bias_gelu.js";
import { type FusedBiasResidualArgs, fused_bias_residual } from "./ops/fused_bias_residual.js";
import { type FusedPadQkvSplitArgs, fused_pad_qkv_split } from "./ops/fused_pad_qkv_split.js";
import { type FusedReshapeUnpadArgs, fused_reshape_unpad } from "./ops/fused_reshape_unpad.js";
import {
  type FusedResidualLayerNormArgs,
  fused_residual_layer_norm,
} from "./ops/fused_residual_layer_norm.js";
import { type FusedSplitGegluArgs, fused_split_geglu } from "./ops/fused_split_geglu.js";
import { type GegluArgs, geglu } from "./ops/geglu.js";
import { type GeluArgs, gelu } from "./ops/gelu.js";
import { type GemmArgs, gemm } from "./ops/gemm.js";
import { type GemmBatchedArgs, gemm_batched } from "./ops/gemm_batched.js";
import { type L2NormalizeArgs, l2_normalize } from "./ops/l2_normalize.js";
import { type LastPoolArgs, last_pool } from "./ops/last_pool.js";
import { type LayerNormArgs, layer_norm } from "./ops/layer_norm.js";
import { type LinearArgs, linear } from "./ops/linear.js";
import { type MaxPoolArgs, max_pool } from "./ops/max_pool.js";
import { type MeanPoolArgs, mean_pool } from "./ops/mean_pool.js";
import { type PadToBatchArgs, pad_to_batch } from "./ops/pad_to_batch.js";
import { type QkvSplitArgs, qkv_split } from "./ops/qkv_split.js";
import { type ReluArgs, relu } from "./ops/relu.js";
import { type ResidualAddArgs, residual_add } from "./ops/residual_add.js";
import { type ScaleMaskSoftmaxArgs, scale_mask_softmax } from "./ops/scale_mask_softmax.js";
import { type SplitGateValueArgs, split_gate_value } from "./ops/split_gate_value.js";
import { type SwigluArgs, swiglu } from "./ops/swiglu.js";
import { type TanhArgs, tanh } from "./ops/tanh.js";
import { type UnpadFromBatchArgs, unpad_from_batch } from "./ops/unpad_from_batch.js";
import type { Tensor } from "./tensor.js";

/** Every op of the contract with its arguments, in the order of docs/ops.md. */
export interface OpArgs {
  pad_to_batch: PadToBatchArgs;
  unpad_from_batch: UnpadFromBatchArgs;
  qkv_split: QkvSplitArgs;
  attn_reshape: AttnReshapeArgs;
  split_gate_value: SplitGateValueArgs;
  convert: ConvertArgs;
  copy: CopyArgs;
  fused_pad_qkv_split: FusedPadQkvSplitArgs;
  fused_reshape_unpad: FusedReshapeUnpadArgs;
  embedding_lookup: EmbeddingLookupArgs;
  add_embeddings: AddEmbeddingsArgs;
  gemm: GemmArgs;
  gemm_batched: GemmBatchedArgs;
  linear: LinearArgs;
  layer_norm: LayerNormArgs;
  fused_residual_layer_norm: FusedResidualLayerNormArgs;
  scale_mask_softmax: ScaleMaskSoftmaxArgs;
  build_attn_mask: BuildAttnMaskArgs;
  banded_qk: BandedQkArgs;
  banded_softmax: BandedSoftmaxArgs;
  banded_sv: BandedSvArgs;
  apply_rope: ApplyRopeArgs;
  attention: AttentionArgs;
  add_bias: AddBiasArgs;
  residual_add: ResidualAddArgs;
  gelu: GeluArgs;
  tanh: TanhArgs;
  relu: ReluArgs;
  swiglu: SwigluArgs;
  geglu: GegluArgs;
  fused_bias_gelu: FusedBiasGeluArgs;
  fused_bias_residual: FusedBiasResidualArgs;
  fused_split_geglu: FusedSplitGegluArgs;
  cls_pool: ClsPoolArgs;
  mean_pool: MeanPoolArgs;
  last_pool: LastPoolArgs;
  max_pool: MaxPoolArgs;
  l2_normalize: L2NormalizeArgs;
}

export type OpName = keyof OpArgs;

export const opSpecs: { readonly [K in OpName]: OpSpec<OpArgs[K]> } = {
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

export const opNames: readonly OpName[] = Object.keys(opSpecs) as OpName[];

/** Ops that a driver may lack, in which case models that need them are refused on it. */
export const optionalOps: readonly OpName[] = opNames.filter((name) => opSpecs[name].isOptional);

/** Ops that are not optional and have no composed default: every driver must bring a kernel for each. */
export const requiredOps: readonly OpName[] = opNames.filter(
  (name) => opSpecs[name].compose === undefined && !opSpecs[name].isOptional,
);

/** Memory of a pass. Everything here is recorded, nothing waits. */
export interface PassMemory {
  readonly capabilities: Capabilities;
  /** Brings host data into the pass; the data is copied before the call returns. Only i32 and f32. */
  input(data: Float32Array, shape: readonly number[]): Tensor<"f32">;
  input(data: Int32Array, shape: readonly number[]): Tensor<"i32">;
  /** Describes a packed batch by its sequence lengths. */
  layout(seqLens: ArrayLike<number>): SequenceLayout;
  /** Uninitialised memory; NaN-poisoned in tests. Freed when the enclosing scope ends. */
  alloc<D extends DType>(dtype: D, shape: readonly number[]): Tensor<D>;
  /** As `alloc`, all zero. */
  allocZeroed<D extends DType>(dtype: D, shape: readonly number[]): Tensor<D>;
  /** View of consecutive elements from element `start` on. */
  slice<D extends DType>(tensor: Tensor<D>, start: number, shape: readonly number[]): Tensor<D>;
  /** View of all elements under another shape. */
  reshape<D extends DType>(tensor: Tensor<D>, shape: readonly number[]): Tensor<D>;
  /** Runs `body`, then frees what it allocated, for the ops behind it to use again. */
  scope<T>(body: () => T): T;
  /** Hint in long passes: what is recorded so far may start. */
  flush(): void;
}

/** What a forward pass records with: memory, and one method for each op. */
export type Ops = PassMemory & { readonly [K in OpName]: (args: OpArgs[K]) => void };
