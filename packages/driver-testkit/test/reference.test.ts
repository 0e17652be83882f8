import { describe, expect, test } from "vitest";
import { attention } from "../src/reference/attention.js";
import { banded_qk } from "../src/reference/banded_qk.js";
import { convert } from "../src/reference/convert.js";
import { gelu } from "../src/reference/gelu.js";
import { gemm } from "../src/reference/gemm.js";
import { type HostLayout, hostTensor } from "../src/reference/host-args.js";
import { l2_normalize } from "../src/reference/l2_normalize.js";
import { layer_norm } from "../src/reference/layer_norm.js";
import { mean_pool } from "../src/reference/mean_pool.js";
import { qkv_split } from "../src/reference/qkv_split.js";
import { scale_mask_softmax } from "../src/reference/scale_mask_softmax.js";

const layoutOf = (seqLens: number[], hostCuSeqlens: number[]): HostLayout => ({
  batch: seqLens.length,
  totalTokens: hostCuSeqlens.at(-1) ?? 0,
  maxSeqLen: Math.max(...seqLens),
  seqLens: Int32Array.from(seqLens),
  hostCuSeqlens: Int32Array.from(hostCuSeqlens),
});

/**
 * The expected values were worked out by hand or come from published tables. This package did not
 * compute them.
 */
describe("references", () => {
  test("gelu: Φ from tables of the normal distribution", () => {
    const x = hostTensor([1, 4], [1, -1, 2, 0]);
    const out = hostTensor([1, 4]);
    gelu({ x, form: "erf", out });
    const want = [0.8413447460685429, -0.15865525393145705, 1.9544997361036416, 0];
    want.forEach((value, i) => {
      expect(out.data[i]).toBeCloseTo(value, 14);
    });
    gelu({ x, form: "tanh", out });
    expect(out.data[0]).toBeCloseTo(0.8411919906082768, 12);
  });

  test("gemm: plain and transposed b, Σ|a·b| as magnitude", () => {
    const a = hostTensor([1, 2], [1, -2]);
    const out = hostTensor([1, 2]);
    gemm({ a, b: hostTensor([2, 2], [1, 2, 3, 4]), transposeB: false, out });
    expect([...out.data]).toEqual([-5, -6]);
    expect([...out.magnitude]).toEqual([7, 10]);
    gemm({ a, b: hostTensor([2, 2], [1, 2, 3, 4]), transposeB: true, out });
    expect([...out.data]).toEqual([-3, -5]);
  });

  test("layer_norm: 1, 2, 3 has deviation √⅔", () => {
    const out = hostTensor([1, 3]);
    const weight = hostTensor([3], [1, 1, 2]);
    const bias = hostTensor([3], [0, 0.5, 0]);
    layer_norm({ x: hostTensor([1, 3], [1, 2, 3]), weight, bias, eps: 1e-30, out });
    [-Math.sqrt(1.5), 0.5, 2 * Math.sqrt(1.5)].forEach((value, i) => {
      expect(out.data[i]).toBeCloseTo(value, 14);
    });
  });

  test("scale_mask_softmax: window, mask, and a row without visible keys", () => {
    const x = hostTensor([1, 1, 3, 3], [0, 0, 9, Math.log(4), 0, 0, 5, 5, 5]);
    const hide = Number.NEGATIVE_INFINITY;
    const out = hostTensor([1, 1, 3, 3]);
    const mask = hostTensor([1, 3], [0, 0, hide]);
    scale_mask_softmax({ x, mask, scale: 0.5, window: 2, out });
    [0.5, 0.5, 0, 2 / 3, 1 / 3, 0, 0, 1, 0].forEach((value, i) => {
      expect(out.data[i]).toBeCloseTo(value, 14);
    });
    const all = hostTensor([1, 3], [hide, hide, hide]);
    scale_mask_softmax({ x, mask: all, scale: 1, out });
    expect([...out.data]).toEqual(new Array(9).fill(0));
  });

  test("attention: two sequences, by hand", () => {
    const qkv = hostTensor([3, 3], [1, 0, 10, 1, Math.log(3), 20, 5, 5, 7]);
    const out = hostTensor([3, 1]);
    const layout = layoutOf([2, 1], [0, 2, 3]);
    attention({ qkv, layout, heads: 1, headDim: 1, scale: 1, out });
    [17.5, 17.5, 7].forEach((value, i) => {
      expect(out.data[i]).toBeCloseTo(value, 13);
    });
  });

  test("attention: a bias by distance, clamped, and causal, by hand", () => {
    // Q and K are 0: the biases alone decide. Values 1, 10, 100.
    const qkv = hostTensor([3, 3], [0, 0, 1, 0, 0, 10, 0, 0, 100]);
    const shape = { layout: layoutOf([3], [0, 3]), heads: 1, headDim: 1, scale: 0 };
    const positionBias = hostTensor([1, 3], [Math.log(3), 0, Math.log(2)]);
    const out = hostTensor([3, 1]);
    attention({ qkv, ...shape, positionBias, out });
    [(1 + 20 + 200) / 5, (3 + 10 + 200) / 6, (3 + 30 + 100) / 7].forEach((value, i) => {
      expect(out.data[i]).toBeCloseTo(value, 13);
    });
    attention({ qkv, ...shape, positionBias, causal: true, out });
    [1, (3 + 10) / 4, (3 + 30 + 100) / 7].forEach((value, i) => {
      expect(out.data[i]).toBeCloseTo(value, 13);
    });
    const hiding = hostTensor([1, 3], [0, Number.NEGATIVE_INFINITY, 0]);
    attention({ qkv, ...shape, positionBias: hiding, causal: true, out });
    expect([...out.data]).toEqual([0, 1, 5.5]);
  });

  test("qkv_split: Q, K and V are separated, and so are heads", () => {
    const qkv = hostTensor([1, 2, 6], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const [q, k, v] = [0, 1, 2].map(() => hostTensor([1, 2, 2, 1]));
    if (!q || !k || !v) throw new Error("no tensors");
    qkv_split({ qkv, heads: 2, headDim: 1, q, k, v });
    expect([...q.data]).toEqual([1, 7, 2, 8]);
    expect([...k.data]).toEqual([3, 9, 4, 10]);
    expect([...v.data]).toEqual([5, 11, 6, 12]);
  });

  test("banded_qk: keys outside the sequence give 0", () => {
    const q = hostTensor([1, 1, 2, 1], [2, 3]);
    const k = hostTensor([1, 1, 2, 1], [5, 7]);
    const out = hostTensor([1, 1, 2, 3]);
    banded_qk({ q, k, window: 2, out });
    expect([...out.data]).toEqual([0, 10, 14, 15, 21, 0]);
  });

  test("mean_pool and l2_normalize: an empty sequence and a row of zeros give zeros", () => {
    const out = hostTensor([2, 2]);
    const layout = layoutOf([0, 2], [0, 0, 2]);
    mean_pool({ x: hostTensor([2, 2], [1, 2, 5, 6]), layout, out });
    expect([...out.data]).toEqual([0, 0, 3, 4]);
    const unit = hostTensor([2, 2]);
    l2_normalize({ x: out, out: unit });
    expect([...unit.data]).toEqual([0, 0, 0.6, 0.8]);
  });

  test("convert: truncation saturates, NaN gives 0", () => {
    const out = hostTensor([5], undefined, "i8");
    convert({ x: hostTensor([5], [1.9, -1.9, 300, -1e9, Number.NaN]), out });
    expect([...out.data]).toEqual([1, -1, 127, -128, 0]);
  });
});
