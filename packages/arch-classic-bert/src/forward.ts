import { applyLinear, type LayerNorm, positionsOf, type TransformerPass } from "@ripvec/arch-kit";
import type { ActivationDType } from "@ripvec/core";
import type { Ops, PackedBatch, SequenceLayout, Tensor } from "@ripvec/core/arch";
import type { BertConfig } from "./config.js";
import type { EmbeddingWeights, EncoderWeights, LayerWeights } from "./weights.js";

type Activations = Tensor<ActivationDType>;

/** Records the encoder: token ids in, token vectors [totalTokens, hidden] out. */
export function encode(
  ops: Ops,
  { config, weights, batch, layout, activations }: TransformerPass<BertConfig, EncoderWeights>,
): Activations {
  const hidden = ops.alloc(activations, [batch.totalTokens, config.hidden]);
  ops.scope(() => embed(ops, config, weights.embeddings, batch, hidden));
  ops.flush();
  for (const layer of weights.layers) {
    ops.scope(() => selfAttention(ops, config, layer, layout, hidden));
    ops.scope(() => feedForward(ops, config, layer, hidden));
    ops.flush();
  }
  return hidden;
}

/** hidden = LayerNorm(word + position + token type + task type), projected where the tables are narrower. */
function embed(
  ops: Ops,
  { embeddingSize, eps, padTokenId }: BertConfig,
  { words, positions, tokenTypes, taskTypes, norm, projection }: EmbeddingWeights,
  batch: PackedBatch,
  hidden: Activations,
): void {
  const { inputIds, tokenTypeIds, totalTokens } = batch;
  const positionIds = positionsOf(batch, padTokenId);
  const ids = (values: Int32Array) => ops.input(values, [totalTokens]);
  const sum = projection ? ops.alloc(hidden.dtype, [totalTokens, embeddingSize]) : hidden;
  ops.embedding_lookup({ table: words, ids: ids(inputIds), out: sum });
  ops.add_embeddings({ x: sum, table: positions, ids: ids(positionIds), out: sum });
  if (tokenTypes) {
    ops.add_embeddings({ x: sum, table: tokenTypes, ids: ids(tokenTypeIds), out: sum });
  }
  if (taskTypes) {
    const first = ids(new Int32Array(totalTokens));
    ops.add_embeddings({ x: sum, table: taskTypes, ids: first, out: sum });
  }
  ops.layer_norm({ x: sum, weight: norm.weight, bias: norm.bias, eps, out: sum });
  if (projection) applyLinear(ops, projection, sum, hidden);
}

/** hidden = LayerNorm(hidden + W · attention(Q, K, V)), scale 1 / √headDim. */
function selfAttention(
  ops: Ops,
  { heads, headDim, eps }: BertConfig,
  layer: LayerWeights,
  layout: SequenceLayout,
  hidden: Activations,
): void {
  const [tokens = 0, width = 0] = hidden.shape;
  const scale = 1 / Math.sqrt(headDim);
  const qkv = ops.alloc(hidden.dtype, [tokens, 3 * width]);
  const context = ops.alloc(hidden.dtype, [tokens, width]);
  const projected = ops.alloc(hidden.dtype, [tokens, width]);
  applyLinear(ops, layer.qkv, hidden, qkv);
  ops.attention({ qkv, layout, heads, headDim, scale, out: context });
  applyLinear(ops, layer.attentionOutput, context, projected);
  addAndNorm(ops, layer.attentionNorm, eps, projected, hidden);
}

/** hidden = LayerNorm(hidden + W₂ · activation(W₁ · hidden)). */
function feedForward(
  ops: Ops,
  { intermediate, activation, eps }: BertConfig,
  layer: LayerWeights,
  hidden: Activations,
): void {
  const [tokens = 0, width = 0] = hidden.shape;
  const inner = ops.alloc(hidden.dtype, [tokens, intermediate]);
  const outer = ops.alloc(hidden.dtype, [tokens, width]);
  const activated = applyLinear(ops, layer.intermediate, hidden, inner, activation);
  applyLinear(ops, layer.output, activated, outer);
  addAndNorm(ops, layer.outputNorm, eps, outer, hidden);
}

/** hidden = LayerNorm(hidden + x) */
function addAndNorm(
  ops: Ops,
  { weight, bias }: LayerNorm,
  eps: number,
  x: Activations,
  hidden: Activations,
): void {
  ops.fused_residual_layer_norm({ x, residual: hidden, weight, bias, eps, out: hidden });
}
