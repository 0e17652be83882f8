import { templateKernels } from "../../src/generated/template-kernels.js";
import type { Kernel } from "../../src/template/kernel.js";
import { type EightBitRow, eightBitRow } from "../../src/template/multiply-eight-bit.js";
import { type Mutant, wrongKernels } from "./mutant.js";

/** Mistakes in 8-bit products: in the rows of x, and in the sums. */
export const eightBitMutants: readonly Mutant[] = [
  wrong("one range for the whole batch", { isOneRange: true }),
  wrongKernels(
    "one range for the whole batch, row by row",
    "invariance: linear rows don't depend on their neighbours, i8 weights",
    { gemm: eightBitGemm({ isOneRange: true }) },
  ),
  wrong("zero point left out", { quantize: (row) => ({ ...eightBitRow(row), zero: 0 }) }),
  wrong("the same zero point for every row", {
    quantize: (row) => ({ ...eightBitRow(row), zero: 128 }),
  }),
  wrong("a range without 0", {
    quantize: (row) => ({ ...steps(row, Math.min(...row), 255, Math.round), zero: 0 }),
  }),
  wrong("pairs of products saturated to 16 bits", { sumOf: saturatedPairs }),
  wrong("x rounded down", { quantize: (row) => steps(row, Math.min(0, ...row), 255, Math.floor) }),
  wrong("x in seven bits", { quantize: (row) => steps(row, Math.min(0, ...row), 127, Math.round) }),
  wrong("a row of zeros divided by its range", {
    quantize(row) {
      const quantized = eightBitRow(row);
      return quantized.scale === 0 ? { ...quantized, scale: Number.NaN } : quantized;
    },
  }),
  wrong("NaN taken for 0", {
    quantize: (row) => eightBitRow(row.map((value) => (Number.isFinite(value) ? value : 0))),
  }),
];

interface Parts {
  readonly quantize?: (row: Float32Array) => EightBitRow;
  /** Whether all rows of x are quantised in the steps of one range. */
  readonly isOneRange?: boolean;
  readonly sumOf?: (values: Uint8Array, weights: Int8Array) => number;
}

function wrong(name: string, parts: Parts): Mutant {
  return wrongKernels(name, "op linear, i8 weights", { gemm: eightBitGemm(parts) });
}

/**
 * Computes (Σ values · weights − zero · Σ weights) · scales, as fast kernels do, with some parts
 * replaced.
 */
function eightBitGemm({
  quantize = eightBitRow,
  isOneRange = false,
  sumOf = exactSum,
}: Parts): Kernel<"gemm"> {
  return (args) => {
    const { a, b, out } = args;
    if (!b.eightBit) return templateKernels.gemm?.(args);
    const { values, scales } = b.eightBit;
    const [m = 0, k = 0] = a.shape;
    const batch = isOneRange ? eightBitRow(a.data) : undefined;
    for (let i = 0; i < m; i++) {
      const row = batch
        ? { ...batch, values: batch.values.subarray(i * k, (i + 1) * k) }
        : quantize(a.data.subarray(i * k, (i + 1) * k));
      scales.forEach((weightScale, j) => {
        const weights = values.subarray(j * k, (j + 1) * k);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const sum = sumOf(row.values, weights) - row.zero * total;
        out.data[i * scales.length + j] = sum * row.scale * weightScale;
      });
    }
  };
}

function exactSum(values: Uint8Array, weights: Int8Array): number {
  return weights.reduce((sum, weight, p) => sum + weight * (values[p] ?? 0), 0);
}

/** Saturates the sum of each two products, as `_mm256_maddubs_epi16` does. */
function saturatedPairs(values: Uint8Array, weights: Int8Array): number {
  let sum = 0;
  for (let p = 0; p < weights.length; p += 2) {
    const pair = exactSum(values.subarray(p, p + 2), weights.subarray(p, p + 2));
    sum += Math.max(-32768, Math.min(32767, pair));
  }
  return sum;
}

/** Quantises a row in `count` steps from `least` to its largest value. */
function steps(
  row: Float32Array,
  least: number,
  count: number,
  round: (value: number) => number,
): EightBitRow {
  const range = Math.max(0, ...row) - least;
  if (!(range > 0 && Number.isFinite(range))) return eightBitRow(row);
  const scale = range / count;
  const zero = Math.round(-least / scale);
  const inRange = (value: number) => Math.max(0, Math.min(count, value));
  const values = Uint8Array.from(row, (value) => inRange(round(value / scale) + zero));
  return { values, scale, zero };
}
