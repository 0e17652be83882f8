import { templateKernels } from "../../src/generated/template-kernels.js";
import { f16ToNumber, isBeyondF16, numberToF16 } from "../../src/numbers/half.js";
import type { Kernel, KernelTable, KernelTensor } from "../../src/template/kernel.js";
import { gelu } from "../../src/template/ops/gelu.js";
import { gemm } from "../../src/template/ops/gemm.js";
import { layer_norm } from "../../src/template/ops/layer_norm.js";
import { residual_add } from "../../src/template/ops/residual_add.js";
import { scale_mask_softmax } from "../../src/template/ops/scale_mask_softmax.js";
import { TemplateImplementation } from "../../src/template/template-driver.js";
import { argument, type Mutant, wrongImplementation, wrongKernels } from "./mutant.js";

/** Kernels with wrong formulas. */
export const numericMutants: readonly Mutant[] = [
  wrongKernels("tanh form for erf", "op gelu, f32", {
    gelu: (args) => gelu({ ...args, form: "tanh" }),
  }),
  wrongKernels("erf form for tanh", "op gelu, f32", {
    gelu: (args) => gelu({ ...args, form: "erf" }),
  }),
  wrongKernels("layer norm with an eps of its own", "op layer_norm, f32", {
    layer_norm: (args) => layer_norm({ ...args, eps: 1e-5 }),
  }),
  wrongKernels("layer norm without eps", "op layer_norm, f32", {
    layer_norm: (args) => layer_norm({ ...args, eps: 0 }),
  }),
  wrongKernels("layer norm without bias", "op layer_norm, f32", {
    layer_norm: (args) => layer_norm({ ...args, bias: undefined }),
  }),
  wrongKernels("one-pass variance in f32", "op layer_norm, f32", {
    layer_norm({ x, weight, bias, eps, out }) {
      const [rows = 0, cols = 0] = x.shape;
      for (let r = 0; r < rows; r++) {
        const row = x.data.subarray(r * cols, (r + 1) * cols);
        let sum = 0;
        let squares = 0;
        for (const value of row) {
          sum = Math.fround(sum + value);
          squares = Math.fround(squares + Math.fround(value * value));
        }
        const mean = Math.fround(sum / cols);
        const variance = Math.max(0, Math.fround(squares / cols) - Math.fround(mean * mean));
        row.forEach((value, c) => {
          const normed = ((value - mean) / Math.sqrt(variance + eps)) * (weight.data[c] ?? 0);
          out.data[r * cols + c] = normed + (bias?.data[c] ?? 0);
        });
      }
    },
  }),
  wrongKernels("residual left out", "op fused_residual_layer_norm, f32", {
    fused_residual_layer_norm: ({ residual: _residual, sum: _sum, ...args }) => layer_norm(args),
  }),
  wrongKernels("window one too narrow", "op scale_mask_softmax, f32", {
    scale_mask_softmax: ({ window, ...args }) =>
      scale_mask_softmax({ ...args, window: window && Math.max(0, window - 2) }),
  }),
  wrongKernels("window twice as wide", "op scale_mask_softmax, f32", {
    scale_mask_softmax: ({ window, ...args }) =>
      scale_mask_softmax({ ...args, window: window && 2 * window }),
  }),
  wrongKernels("window 0 taken for no window", "op scale_mask_softmax, f32", {
    scale_mask_softmax: ({ window, ...args }) =>
      scale_mask_softmax({ ...args, window: window || undefined }),
  }),
  wrongKernels("mask ignored", "op scale_mask_softmax, f32", {
    scale_mask_softmax: (args) => scale_mask_softmax({ ...args, mask: undefined }),
  }),
  wrongKernels("mask of the first sequence for all", "op scale_mask_softmax, f32", {
    scale_mask_softmax(args) {
      const keys = args.x.shape[3] ?? 0;
      const values = args.mask?.data.map((_, i, all) => all[i % keys] ?? 0);
      const mask = values && argument(args.mask?.shape ?? [], values);
      scale_mask_softmax({ ...args, mask });
    },
  }),
  wrongKernels("softmax without subtracting the maximum", "op scale_mask_softmax, f32", {
    scale_mask_softmax({ x, mask, scale, out }) {
      const [, heads = 0, queries = 0, keys = 0] = x.shape;
      for (let r = 0; r < x.size / Math.max(1, keys); r++) {
        const b = Math.floor(r / (heads * queries));
        const exps = Array.from({ length: keys }, (_, j) => {
          const score = (x.data[r * keys + j] ?? 0) * scale + (mask?.data[b * keys + j] ?? 0);
          return Math.fround(Math.exp(score));
        });
        const sum = exps.reduce((total, value) => total + value, 0);
        out.data.set(
          exps.map((value) => value / sum),
          r * keys,
        );
      }
    },
  }),
  wrongKernels("l2 floor of 1e-6", "op l2_normalize, f32", {
    l2_normalize({ x, out }) {
      const [rows = 0, cols = 0] = x.shape;
      for (let r = 0; r < rows; r++) {
        const row = x.data.slice(r * cols, (r + 1) * cols);
        const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
        out.data.set(
          row.map((value) => value / Math.max(length, 1e-6)),
          r * cols,
        );
      }
    },
  }),
  wrongKernels("products in half precision", "op gemm, f32", {
    gemm: ({ a, b, ...args }) => gemm({ ...args, a: halved(a), b: halved(b) }),
  }),
  wrongKernels("rotation of neighbouring pairs", "op apply_rope, f32", {
    apply_rope({ x, cos, sin, positionIds, heads, headDim, out }) {
      const [rows = 0, width = 0] = x.shape;
      const half = headDim / 2;
      out.data.set(x.data);
      for (let r = 0; r < rows; r++) {
        for (let pair = 0; pair < heads * half; pair++) {
          const angle = (positionIds.data[r] ?? 0) * half + (pair % half);
          const at = r * width + 2 * pair;
          const [a = 0, b = 0] = out.data.subarray(at, at + 2);
          out.data[at] = a * (cos.data[angle] ?? 0) - b * (sin.data[angle] ?? 0);
          out.data[at + 1] = b * (cos.data[angle] ?? 0) + a * (sin.data[angle] ?? 0);
        }
      }
    },
  }),
  wrongKernels("mean over the longest sequence's length", "op mean_pool, f32", {
    mean_pool({ x, layout, out }) {
      const cols = out.shape[1] ?? 0;
      out.data.fill(0);
      for (let b = 0; b < layout.batch; b++) {
        const from = layout.hostCuSeqlens[b] ?? 0;
        const to = layout.hostCuSeqlens[b + 1] ?? 0;
        for (let i = from * cols; i < to * cols; i++) {
          const share = (x.data[i] ?? 0) / layout.maxSeqLen;
          out.data[b * cols + (i % cols)] = (out.data[b * cols + (i % cols)] ?? 0) + share;
        }
      }
    },
  }),
  wrongKernels("relu that loses NaN", "op relu, f32", {
    relu({ x, out }) {
      out.data.set(x.data.map((value) => (Number.isNaN(value) ? 0 : Math.max(value, 0))));
    },
  }),
  wrongKernels("relu of the absolute value", "op relu, f32", {
    relu({ x, out }) {
      out.data.set(x.data.map(Math.abs));
    },
  }),
  wrongKernels("largest value that starts from 0", "op max_pool, f32", {
    max_pool: (args) => maxPool(args, (a, b) => Math.max(a, b, 0)),
  }),
  wrongKernels("largest value that loses NaN", "op max_pool, f32", {
    max_pool: (args) => maxPool(args, (a, b) => (a > b || Number.isNaN(b) ? a : b)),
  }),
  beyondF16("results beyond f16 become infinite", Number.POSITIVE_INFINITY),
  beyondF16("results beyond f16 become its largest number", 65504),
];

function beyondF16(name: string, magnitude: number): Mutant {
  const table: KernelTable = {
    ...templateKernels,
    residual_add(args) {
      residual_add(args);
      const { dtype, data } = args.out;
      if (dtype !== "f16") return;
      data.forEach((value, i) => {
        if (isBeyondF16(value)) data[i] = Math.sign(value) * magnitude;
      });
    },
  };
  return wrongImplementation(
    name,
    "op residual_add, f16",
    () => new TemplateImplementation(table, { f16: true }),
  );
}

function maxPool(
  { x, layout, out }: Parameters<Kernel<"max_pool">>[0],
  larger: (a: number, b: number) => number,
): void {
  const cols = out.shape[1] ?? 0;
  out.data.fill(0);
  for (let b = 0; b < layout.batch; b++) {
    const from = (layout.hostCuSeqlens[b] ?? 0) * cols;
    const to = (layout.hostCuSeqlens[b + 1] ?? 0) * cols;
    for (let i = from; i < to; i++) {
      const at = b * cols + (i % cols);
      const value = x.data[i] ?? 0;
      out.data[at] = i < from + cols ? value : larger(out.data[at] ?? 0, value);
    }
  }
}

function halved({ shape, data }: KernelTensor): KernelTensor {
  return argument(
    shape,
    data.map((value) => f16ToNumber(numberToF16(value))),
  );
}
