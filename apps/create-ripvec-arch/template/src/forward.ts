import type { TransformerPass } from "@ripvec/arch-kit";
import type { ActivationDType } from "@ripvec/core";
import type { Ops, SequenceLayout, Tensor } from "@ripvec/core/arch";
import type { Config } from "./config.js";
import type { Layer, Weights } from "./weights.js";

type Activations = Tensor<ActivationDType>;

/** Records the encoder, one op for each step of the definition: token ids in, token vectors [totalTokens, hidden] out. */
export function encode(ops: Ops, pass: TransformerPass<Config, Weights>): Activations {
  const { config, weights, batch, layout, activations } = pass;
  const tokens = batch.totalTokens;
  const x = ops.alloc(activations, [tokens, config.hidden]);
  const ids = ops.input(batch.inputIds, [tokens]);
  const positionIds = ops.input(batch.positionIds, [tokens]);
  const { ropeCos, ropeSin } = weights;
  ops.embedding_lookup({ table: weights.words, ids, out: x });
  ops.flush();
  weights.layers.forEach((layer, i) => {
    const window = i % 2 === 1 ? config.window : undefined;
    const positions = { ropeCos, ropeSin, positionIds, window };
    ops.scope(() => attend(ops, config, layer, layout, positions, x));
    ops.scope(() => feedForward(ops, config, layer, x));
    ops.flush();
  });
  ops.layer_norm({ x, ...weights.norm, eps: config.eps, out: x });
  return x;
}

interface Positions {
  readonly ropeCos: Tensor<"f32">;
  readonly ropeSin: Tensor<"f32">;
  readonly positionIds: Tensor<"i32">;
  readonly window: number | undefined;
}

/** x += W · attention(Q, K, V) of norm(x), scale 1 / √headDim */
function attend(
  ops: Ops,
  { heads, headDim, eps }: Config,
  layer: Layer,
  layout: SequenceLayout,
  positions: Positions,
  x: Activations,
): void {
  const [tokens = 0, hidden = 0] = x.shape;
  const scale = 1 / Math.sqrt(headDim);
  const normed = ops.alloc(x.dtype, x.shape);
  const qkv = ops.alloc(x.dtype, [tokens, 3 * hidden]);
  const context = ops.alloc(x.dtype, x.shape);
  ops.layer_norm({ x, ...layer.attentionNorm, eps, out: normed });
  ops.linear({ x: normed, ...layer.qkv, out: qkv });
  ops.attention({ qkv, layout, heads, headDim, scale, ...positions, out: context });
  ops.linear({ x: context, ...layer.attentionOutput, out: normed });
  ops.residual_add({ x: normed, residual: x, out: x });
}

/** x += W₂ · (gelu(u) · v), where u and v are the halves of W₁ · norm(x) */
function feedForward(ops: Ops, { inner, eps }: Config, layer: Layer, x: Activations): void {
  const [tokens = 0] = x.shape;
  const normed = ops.alloc(x.dtype, x.shape);
  const halves = ops.alloc(x.dtype, [tokens, 2 * inner]);
  const gated = ops.alloc(x.dtype, [tokens, inner]);
  ops.layer_norm({ x, ...layer.innerNorm, eps, out: normed });
  ops.linear({ x: normed, ...layer.inner, out: halves });
  ops.fused_split_geglu({ x: halves, form: "erf", out: gated });
  ops.linear({ x: gated, ...layer.output, out: normed });
  ops.residual_add({ x: normed, residual: x, out: x });
}
