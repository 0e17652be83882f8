import type { ActivationDType, ModelArch } from "@ripvec/core";
import { type Ops, type Tensor, weightView } from "@ripvec/core/arch";
import {
  type Checkpoint,
  type JsonFields,
  planAll,
  planEach,
  planVector,
  type TransformerConfig,
  type TransformerPass,
  transformerArch,
} from "../../src/index.js";

/** An encoder in the manner of ModernBERT: pre-norm, RoPE, GeGLU, a local window in every second layer, no bias. */
export const toyArch: ModelArch = transformerArch<ToyConfig, ToyWeights>({
  name: "toy",
  readConfig,
  signature: ({ layers, heads, eps }) => [`layers=${layers}`, `heads=${heads}`, `eps=${eps}`],
  weights,
  forward,
});

interface ToyConfig extends TransformerConfig {
  readonly layers: number;
  readonly heads: number;
  readonly inner: number;
  readonly eps: number;
  readonly theta: number;
  readonly window: number;
}

function readConfig(json: JsonFields): ToyConfig {
  json.oneOf("model_type", ["toy"]);
  const rope = json.has("rope_parameters") ? json.fields("rope_parameters") : json;
  return {
    hidden: json.count("hidden_size"),
    vocabSize: json.count("vocab_size"),
    tokenTypes: 0,
    maxPositions: json.count("max_position_embeddings"),
    layers: json.count("num_hidden_layers"),
    heads: json.count("num_attention_heads"),
    inner: json.count("intermediate_size"),
    eps: json.positive(json.firstOf("norm_eps", "layer_norm_eps"), 1e-5),
    theta: rope.positive("rope_theta", 10_000),
    window: json.count("local_attention"),
  };
}

const noBias = { hasBias: false };

type ToyWeights = ReturnType<ReturnType<typeof weights>>;

function weights(checkpoint: Checkpoint, config: ToyConfig) {
  const { hidden, inner, layers, vocabSize } = config;
  const model = checkpoint.under(["model.", ""], "words.weight");
  const layer = (name: string) =>
    planAll({
      attentionNorm: model.layerNorm(`${name}.norm1`, hidden, noBias),
      qkv: model.stackedLinear(
        ["q", "k", "v"].map((part) => ({ name: `${name}.${part}`, outputs: hidden })),
        hidden,
        noBias,
      ),
      attentionOutput: model.linear(`${name}.o`, hidden, hidden, noBias),
      innerNorm: model.layerNorm(`${name}.norm2`, hidden, noBias),
      inner: model.linear(`${name}.up`, 2 * inner, hidden, noBias),
      output: model.linear(`${name}.down`, hidden, inner, noBias),
    });
  return planAll({
    words: model.table("words", vocabSize, hidden),
    cos: rope(config, Math.cos),
    sin: rope(config, Math.sin),
    layers: planEach(Array.from({ length: layers }, (_, i) => layer(`layers.${i}`))),
    norm: model.layerNorm("norm", hidden, noBias),
  });
}

type Wave = (x: number) => number;

/** wave(position · theta^(−2d / headDim)) for each position and each d below headDim / 2. */
function rope({ hidden, heads, maxPositions, theta }: ToyConfig, wave: Wave) {
  const half = hidden / heads / 2;
  const angle = (i: number) => Math.floor(i / half) * theta ** (-(i % half) / half);
  const values = Float32Array.from({ length: maxPositions * half }, (_, i) => wave(angle(i)));
  return planVector(weightView("rope", [maxPositions, half], values));
}

function forward(ops: Ops, pass: TransformerPass<ToyConfig, ToyWeights>): Tensor<ActivationDType> {
  const { config, weights, batch, layout, activations } = pass;
  const { heads, hidden, inner, eps, window } = config;
  const rows = batch.totalTokens;
  const make = (cols: number) => ops.alloc(activations, [rows, cols]);
  const headDim = hidden / heads;
  const positionIds = ops.input(batch.positionIds, [rows]);
  const rope = { ropeCos: weights.cos, ropeSin: weights.sin, positionIds };
  const [x, y] = [make(hidden), make(hidden)];
  ops.embedding_lookup({ table: weights.words, ids: ops.input(batch.inputIds, [rows]), out: x });
  weights.layers.forEach((layer, i) => {
    ops.scope(() => {
      const [qkv, context] = [make(3 * hidden), make(hidden)];
      ops.layer_norm({ x, ...layer.attentionNorm, eps, out: y });
      ops.linear({ x: y, ...layer.qkv, out: qkv });
      const sight = { scale: 1 / Math.sqrt(headDim), window: i % 2 === 1 ? window : undefined };
      ops.attention({ qkv, layout, heads, headDim, ...rope, ...sight, out: context });
      ops.linear({ x: context, ...layer.attentionOutput, out: y });
      ops.residual_add({ x: y, residual: x, out: x });
    });
    ops.scope(() => {
      const [gated, product] = [make(2 * inner), make(inner)];
      ops.layer_norm({ x, ...layer.innerNorm, eps, out: y });
      ops.linear({ x: y, ...layer.inner, out: gated });
      ops.fused_split_geglu({ x: gated, form: "erf", out: product });
      ops.linear({ x: product, ...layer.output, out: y });
      ops.residual_add({ x: y, residual: x, out: x });
    });
  });
  ops.layer_norm({ x, ...weights.norm, eps, out: y });
  return y;
}
