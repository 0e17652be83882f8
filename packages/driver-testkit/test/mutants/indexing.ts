import type { Kernel } from "../../src/template/kernel.js";
import { add_embeddings } from "../../src/template/ops/add_embeddings.js";
import { cls_pool } from "../../src/template/ops/cls_pool.js";
import { gelu } from "../../src/template/ops/gelu.js";
import { gemm } from "../../src/template/ops/gemm.js";
import { gemm_batched } from "../../src/template/ops/gemm_batched.js";
import { l2_normalize } from "../../src/template/ops/l2_normalize.js";
import { layer_norm } from "../../src/template/ops/layer_norm.js";
import { qkv_split } from "../../src/template/ops/qkv_split.js";
import { residual_add } from "../../src/template/ops/residual_add.js";
import { split_gate_value } from "../../src/template/ops/split_gate_value.js";
import { argument, type Mutant, wrongKernels } from "./mutant.js";

/** Starts every sum at a term that depends on the number of rows. */
const batchOrderedGemm: Kernel<"gemm"> = ({ a, b, out }) => {
  const [m = 0, k = 0] = a.shape;
  const n = out.shape[1] ?? 0;
  for (let i = 0; i < m * n; i++) {
    let sum = 0;
    for (let step = 0; step < k; step++) {
      const p = (step + m) % k;
      const product = (a.data[Math.floor(i / n) * k + p] ?? 0) * (b.data[(i % n) * k + p] ?? 0);
      sum = Math.fround(sum + Math.fround(product));
    }
    out.data[i] = sum;
  }
};

/** Kernels with right formulas that read or write the wrong places. */
export const indexingMutants: readonly Mutant[] = [
  wrongKernels("Q and K swapped", "op qkv_split, f32", {
    qkv_split: ({ q, k, ...args }) => qkv_split({ ...args, q: k, k: q }),
  }),
  wrongKernels("value and gate swapped", "op split_gate_value, f32", {
    split_gate_value: ({ x, value, gate }) => split_gate_value({ x, value: gate, gate: value }),
  }),
  wrongKernels("b always taken as transposed", "op gemm, f32", {
    gemm: (args) => gemm({ ...args, transposeB: true }),
  }),
  wrongKernels("strides ignored", "op gemm_batched, f32", {
    gemm_batched: (args) =>
      gemm_batched({ ...args, strideA: args.m * args.k, strideB: args.n * args.k }),
  }),
  wrongKernels("output stride ignored", "op gemm_batched, f32", {
    gemm_batched: (args) => gemm_batched({ ...args, strideOut: args.m * args.n }),
  }),
  wrongKernels("token types left out", "model: every part of the input counts, f32", {
    add_embeddings(args) {
      if (args.table.shape[0] === 2) args.out.data.set(args.x.data);
      else add_embeddings(args);
    },
  }),
  wrongKernels("token types left out, seen in f64", "model: an encoder agrees with f64, f32", {
    add_embeddings(args) {
      if (args.table.shape[0] === 2) args.out.data.set(args.x.data);
      else add_embeddings(args);
    },
  }),
  wrongKernels("padding written for equal lengths only", "op pad_to_batch, f32", {
    pad_to_batch: ({ x, out }) => {
      out.data.fill(0);
      out.data.set(x.data.subarray(0, out.size));
    },
  }),
  wrongKernels("mixed lengths read from the wrong rows", "op unpad_from_batch, f32", {
    unpad_from_batch: ({ x, out }) => out.data.set(x.data.subarray(0, out.size)),
  }),
  wrongKernels("last token for first", "op cls_pool, f32", {
    cls_pool({ layout, ...args }) {
      const hostCuSeqlens = layout.hostCuSeqlens.map((start, b) => {
        return start + Math.max(0, (layout.seqLens[b] ?? 0) - 1);
      });
      cls_pool({ ...args, layout: { ...layout, hostCuSeqlens } });
    },
  }),
  wrongKernels("last elements not written", "op residual_add, f32", {
    residual_add({ x, residual, out }) {
      for (let i = 0; i < out.size - (out.size % 8); i++) {
        out.data[i] = (x.data[i] ?? 0) + (residual.data[i] ?? 0);
      }
    },
  }),
  wrongKernels("writes beyond the end", "op layer_norm, f32", {
    layer_norm(args) {
      layer_norm(args);
      const { buffer, byteOffset, byteLength } = args.out.bytes;
      if (byteOffset + byteLength < buffer.byteLength) {
        new Uint8Array(buffer, byteOffset + byteLength, 1).fill(1);
      }
    },
  }),
  wrongKernels("writes before the start", "op gelu, f32", {
    gelu(args) {
      gelu(args);
      const { buffer, byteOffset } = args.out.bytes;
      if (byteOffset >= 1) new Uint8Array(buffer, byteOffset - 1, 1).fill(1);
    },
  }),
  wrongKernels("changes its input", "op residual_add, f32", {
    residual_add(args) {
      residual_add(args);
      args.x.data.set(args.out.data);
    },
  }),
  wrongKernels("cannot work in place", "op apply_rope, f32", {
    apply_rope({ x, cos, sin, positionIds, heads, headDim, out }) {
      const width = x.shape[1] ?? 0;
      const half = headDim / 2;
      for (let i = 0; i < x.size; i++) {
        const inHead = (i % width) % headDim;
        const angle = (positionIds.data[Math.floor(i / width)] ?? 0) * half + (inHead % half);
        const isFirst = inHead < half;
        const partner = x.data[isFirst ? i + half : i - half] ?? 0;
        const crossed = (isFirst ? -partner : partner) * (sin.data[angle] ?? 0);
        const rotated = (x.data[i] ?? 0) * (cos.data[angle] ?? 0) + crossed;
        out.data[i] = i % width < heads * headDim ? rotated : (x.data[i] ?? 0);
      }
    },
  }),
  wrongKernels("rows beyond 4096 forgotten", "stress: 7281 rows are all written", {
    l2_normalize(args) {
      const rows = Math.min(4096, args.x.shape[0] ?? 0);
      l2_normalize({ ...args, x: argument([rows, args.x.shape[1] ?? 0], args.x.data) });
    },
  }),
  wrongKernels("sums in an order of the batch", "model: neighbours do not matter, f32", {
    gemm: batchOrderedGemm,
  }),
  wrongKernels(
    "sums in an order of the batch, row by row",
    "invariance: linear rows don't depend on their neighbours, f32",
    { gemm: batchOrderedGemm },
  ),
];
