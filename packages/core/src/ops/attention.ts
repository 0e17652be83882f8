import { softmaxByPlace } from "../compose/softmax-by-place.js";
import type { SequenceLayout } from "../layout.js";
import {
  activation,
  f32,
  flag,
  ids,
  type OpSpec,
  optional,
  output,
  real,
  window,
} from "../op-spec.js";
import type { Tensor } from "../tensor.js";

/**
 * Self-attention inside each sequence of a packed batch.
 * qkv [totalTokens, 3·heads·headDim], Q then K then V in a row · out [totalTokens, heads·headDim] ·
 * scale, usually 1 / √headDim · window: key j is visible to query i iff |i − j| ≤ window / 2 ·
 * ropeCos, ropeSin [positions, headDim / 2] f32 with positionIds [totalTokens] i32: rotate Q and K
 * first (all three or none) · causal: key j is visible to query i only if j ≤ i ·
 * positionBias [heads, 2·reach + 1] f32: its row of the head, at column clamp(j − i, −reach, reach) + reach,
 * is added to scale · q·k. −Infinity there hides the key; other values must be finite.
 * A hidden key gets exactly 0, a query that sees no key gets zeros.
 */
export interface AttentionArgs {
  qkv: Tensor;
  layout: SequenceLayout;
  heads: number;
  headDim: number;
  scale: number;
  window?: number | undefined;
  ropeCos?: Tensor<"f32"> | undefined;
  ropeSin?: Tensor<"f32"> | undefined;
  positionIds?: Tensor<"i32"> | undefined;
  positionBias?: Tensor<"f32"> | undefined;
  causal?: boolean | undefined;
  out: Tensor;
}

export const attention: OpSpec<AttentionArgs> = {
  name: "attention",
  group: "attention",
  summary:
    "out = softmax(scale · rope(q) · rope(k)ᵀ + positionBias[j − i] inside sequence, window and past) · v",
  tensors: {
    qkv: activation("totalTokens", "3*heads*headDim"),
    ropeCos: optional(f32("positions", "half")),
    ropeSin: optional(f32("positions", "half")),
    positionIds: optional(ids("totalTokens", "positions")),
    positionBias: optional(f32("heads", "distances")),
    out: output("totalTokens", "heads*headDim"),
  },
  scalars: ["heads", "headDim", real("scale"), window("window"), flag("causal"), "distances"],
  counts: ["heads", "headDim"],
  check(args, check) {
    const { scale, window, headDim, ropeCos, ropeSin, positionIds, positionBias, causal } = args;
    check.finite("scale", scale);
    check.window(window);
    if (causal !== undefined) check.boolean("causal", causal);
    if (positionBias && check.dim("distances") % 2 === 0) {
      check.fail(
        "positionBias",
        "[heads, 2·reach + 1], an odd number of columns",
        positionBias.shape,
      );
    }
    const given = [ropeCos, ropeSin, positionIds].filter((tensor) => tensor !== undefined).length;
    if (given !== 0 && given !== 3) {
      check.fail("ropeCos, ropeSin, positionIds", "all given or none", `${given} of 3`);
    }
    if (given === 3 && headDim !== 2 * check.dim("half")) {
      check.fail("ropeCos", `[positions, ${headDim / 2}]`, check.dim("half"));
    }
  },
  compose(ops, args) {
    const { qkv, layout, heads, headDim, scale, window, ropeCos, ropeSin, positionIds } = args;
    const { positionBias, causal, out } = args;
    const { batch, maxSeqLen } = layout;
    let source = qkv;
    if (ropeCos && ropeSin && positionIds) {
      source = ops.alloc(qkv.dtype, qkv.shape);
      const rope = { cos: ropeCos, sin: ropeSin, positionIds, heads: 2 * heads, headDim };
      ops.apply_rope({ x: qkv, ...rope, out: source });
    }
    const perHead = () => ops.alloc(qkv.dtype, [batch, heads, maxSeqLen, headDim]);
    const q = perHead();
    const k = perHead();
    const v = perHead();
    const context = perHead();
    ops.fused_pad_qkv_split({ qkv: source, layout, heads, headDim, q, k, v });
    const scores = ops.alloc(qkv.dtype, [batch, heads, maxSeqLen, maxSeqLen]);
    const head = maxSeqLen * headDim;
    const square = maxSeqLen * maxSeqLen;
    ops.gemm_batched({
      a: q,
      b: k,
      batch: batch * heads,
      m: maxSeqLen,
      n: maxSeqLen,
      k: headDim,
      transposeB: true,
      strideA: head,
      strideB: head,
      strideOut: square,
      out: scores,
    });
    if (positionBias || causal) {
      softmaxByPlace(ops, { scores, layout, scale, window, positionBias, causal });
    } else {
      const mask = ops.alloc("f32", [batch, maxSeqLen]);
      ops.build_attn_mask({ layout, out: mask });
      ops.scale_mask_softmax({ x: scores, mask, scale, window, out: scores });
    }
    ops.gemm_batched({
      a: scores,
      b: v,
      batch: batch * heads,
      m: maxSeqLen,
      n: headDim,
      k: maxSeqLen,
      transposeB: false,
      strideA: square,
      strideB: head,
      strideOut: head,
      out: context,
    });
    ops.fused_reshape_unpad({ x: context, layout, out });
  },
};
