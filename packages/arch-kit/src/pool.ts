import type { Pooling } from "@ripvec/core";
import type { OpName, Ops, PackedBatch, SequenceLayout, Tensor } from "@ripvec/core/arch";
import type { PoolingConfig } from "./pooling-config.js";

/** The token vectors that are pooled. */
interface PooledTokens {
  /** [layout.totalTokens, cols] */
  readonly rows: Tensor<"f32">;
  readonly layout: SequenceLayout;
  /** [batch] the number of each text's tokens that precede its first row. */
  readonly skipped: Int32Array;
}

/** The optional ops that a mode needs. */
export function opsOfPooling(mode: Pooling): readonly OpName[] {
  return mode === "max" ? ["max_pool"] : [];
}

/** tokens [totalTokens, cols] in, [batch, modes · cols] out: the vectors of all modes concatenated. */
export function pool(
  ops: Ops,
  { modes, includePrompt }: PoolingConfig,
  tokens: Tensor<"f32">,
  batch: PackedBatch,
  layout: SequenceLayout,
): Tensor<"f32"> {
  const skipped = includePrompt ? undefined : batch.promptLens;
  const pooled = skipped
    ? withoutPrompt(ops, tokens, batch, skipped)
    : { rows: tokens, layout, skipped: new Int32Array(batch.size) };
  const cols = tokens.shape[1] ?? 0;
  const size = batch.size * cols;
  const all = ops.alloc("f32", [modes.length, batch.size, cols]);
  modes.forEach((mode, i) => {
    poolOne(ops, mode, pooled, ops.slice(all, i * size, [batch.size, cols]));
  });
  if (modes.length === 1) return ops.reshape(all, [batch.size, cols]);
  return sideBySide(ops, all);
}

function poolOne(ops: Ops, mode: Pooling, tokens: PooledTokens, out: Tensor<"f32">): void {
  const { rows: x, layout } = tokens;
  switch (mode) {
    case "cls":
      ops.cls_pool({ x, layout, out });
      break;
    case "max":
      ops.max_pool({ x, layout, out });
      break;
    case "mean":
      ops.mean_pool({ x, layout, out });
      break;
    case "last":
      ops.last_pool({ x, layout, out });
      break;
    case "mean_sqrt_len_tokens":
    case "weightedmean":
      weightedSum(ops, tokens, weightsOf(mode, tokens), out);
      break;
    default:
      mode satisfies never;
  }
}

/** The token vectors without those of the prompts, packed. Every text must have at least one token after its prompt. */
function withoutPrompt(
  ops: Ops,
  tokens: Tensor<"f32">,
  { seqLens, cuSeqlens }: PackedBatch,
  skipped: Int32Array,
): PooledTokens {
  const layout = ops.layout(seqLens.map((length, b) => length - (skipped[b] ?? 0)));
  const kept = new Int32Array(layout.totalTokens);
  layout.seqLens.forEach((length, b) => {
    const first = (cuSeqlens[b] ?? 0) + (skipped[b] ?? 0);
    const at = layout.hostCuSeqlens[b] ?? 0;
    for (let i = 0; i < length; i++) kept[at + i] = first + i;
  });
  const rows = ops.alloc("f32", [kept.length, tokens.shape[1] ?? 0]);
  ops.embedding_lookup({ table: tokens, ids: ops.input(kept, [kept.length]), out: rows });
  return { rows, layout, skipped };
}

/**
 * The weight of each row. mean_sqrt_len_tokens: 1 / √length. weightedmean: the token's place in its text, counted from 1
 * with the prompt included, divided by the sum of the places of all pooled tokens.
 */
function weightsOf(
  mode: "mean_sqrt_len_tokens" | "weightedmean",
  { layout, skipped }: PooledTokens,
): Float32Array {
  const weights = new Float32Array(layout.totalTokens);
  layout.seqLens.forEach((length, b) => {
    const start = layout.hostCuSeqlens[b] ?? 0;
    const before = skipped[b] ?? 0;
    const placeSum = length * before + (length * (length + 1)) / 2;
    for (let i = 0; i < length; i++) {
      weights[start + i] =
        mode === "weightedmean" ? (before + i + 1) / placeSum : 1 / Math.sqrt(length);
    }
  });
  return weights;
}

/**
 * out[b] = Σ weight · row over the rows of text b. Each text is a product of its own, so that the order of its sum depends
 * on its length alone (batch-invariant).
 */
function weightedSum(
  ops: Ops,
  { rows, layout }: PooledTokens,
  weights: Float32Array,
  out: Tensor<"f32">,
): void {
  const cols = out.shape[1] ?? 0;
  const all = ops.input(weights, [weights.length]);
  layout.seqLens.forEach((length, b) => {
    const start = layout.hostCuSeqlens[b] ?? 0;
    ops.gemm({
      a: ops.slice(all, start, [1, length]),
      b: ops.slice(rows, start * cols, [length, cols]),
      transposeB: false,
      out: ops.slice(out, b * cols, [1, cols]),
    });
  });
}

/** [modes, batch, cols] → [batch, modes · cols]: the op that concatenates the heads of attention. */
function sideBySide(ops: Ops, all: Tensor<"f32">): Tensor<"f32"> {
  const [modes = 0, batch = 0, cols = 0] = all.shape;
  const out = ops.alloc("f32", [1, batch, modes * cols]);
  ops.attn_reshape({ x: ops.reshape(all, [1, modes, batch, cols]), out });
  return ops.reshape(out, [batch, modes * cols]);
}
