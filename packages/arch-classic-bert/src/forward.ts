import type { Ops, PackedBatch, SequenceLayout, Tensor } from "@ripvec/core";
import type { BertConfig } from "./config.js";
import type { EmbeddingWeights, EncoderWeights, LayerWeights } from "./weights.js";

/** Records the encoder: token ids in, [totalTokens, hidden] f32 out. */
export function encode(
  ops: Ops,
  config: BertConfig,
  weights: EncoderWeights,
  batch: PackedBatch,
  layout: SequenceLayout,
): Tensor<"f32"> {
  const hidden = ops.alloc("f32", [batch.totalTokens, config.hidden]);
  ops.scope(() => embed(ops, config, weights.embeddings, batch, hidden));
  ops.flush();
  for (const layer of weights.layers) {
    ops.scope(() => selfAttention(ops, config, layer, layout, hidden));
    ops.scope(() => feedForward(ops, config, layer, hidden));
    ops.flush();
  }
  return hidden;
}

/** hidden = LayerNorm(word + position + token type), projected where the tables are narrower. */
function embed(
  ops: Ops,
  { embeddingSize, eps }: BertConfig,
  { words, positions, tokenTypes, norm, projection }: EmbeddingWeights,
  { inputIds, positionIds, tokenTypeIds, totalTokens }: PackedBatch,
  hidden: Tensor<"f32">,
): void {
  const ids = (values: Int32Array) => ops.input(values, [totalTokens]);
  const sum = projection ? ops.alloc("f32", [totalTokens, embeddingSize]) : hidden;
  ops.embedding_lookup({ table: words, ids: ids(inputIds), out: sum });
  ops.add_embeddings({ x: sum, table: positions, ids: ids(positionIds), out: sum });
  if (tokenTypes) {
    ops.add_embeddings({ x: sum, table: tokenTypes, ids: ids(tokenTypeIds), out: sum });
  }
  ops.layer_norm({ x: sum, ...norm, eps, out: sum });
  if (projection) ops.linear({ x: sum, ...projection, out: hidden });
}

/** hidden = LayerNorm(hidden + W · attention(Q, K, V)), scale 1 / √headDim. */
function selfAttention(
  ops: Ops,
  { heads, headDim, eps }: BertConfig,
  layer: LayerWeights,
  layout: SequenceLayout,
  hidden: Tensor<"f32">,
): void {
  const [tokens = 0, width = 0] = hidden.shape;
  const scale = 1 / Math.sqrt(headDim);
  const qkv = ops.alloc("f32", [tokens, 3 * width]);
  const context = ops.alloc("f32", [tokens, width]);
  const projected = ops.alloc("f32", [tokens, width]);
  ops.linear({ x: hidden, ...layer.qkv, out: qkv });
  ops.attention({ qkv, layout, heads, headDim, scale, out: context });
  ops.linear({ x: context, ...layer.attentionOutput, out: projected });
  const norm = { ...layer.attentionNorm, eps };
  ops.fused_residual_layer_norm({ x: projected, residual: hidden, ...norm, out: hidden });
}

/** hidden = LayerNorm(hidden + W₂ · gelu(W₁ · hidden)). */
function feedForward(
  ops: Ops,
  { intermediate, gelu, eps }: BertConfig,
  layer: LayerWeights,
  hidden: Tensor<"f32">,
): void {
  const [tokens = 0, width = 0] = hidden.shape;
  const inner = ops.alloc("f32", [tokens, intermediate]);
  const outer = ops.alloc("f32", [tokens, width]);
  ops.linear({ x: hidden, ...layer.intermediate, activation: gelu, out: inner });
  ops.linear({ x: inner, ...layer.output, out: outer });
  const norm = { ...layer.outputNorm, eps };
  ops.fused_residual_layer_norm({ x: outer, residual: hidden, ...norm, out: hidden });
}
