import { toF32 } from "@ripvec/core/arch";
import type { EightBitRows } from "../../src/numbers/kept-weights.js";
import { roundTo } from "../../src/numbers/round-to.js";
import { type KeptRole, keptRoles } from "../../src/suites/suite.js";
import { floatWeight, type Mutant, wrongWeights } from "./mutant.js";

/**
 * Matrices and tables of 16 bits, and matrices of 8 bits, whose values do not agree with their
 * dtype.
 */
export const keptWeightMutants: readonly Mutant[] = [
  ...keptRoles.flatMap((role) => [
    wrongHalf("f16 weights rounded toward zero", role, "f16", (weight) => {
      const rounded = roundTo("f16", weight);
      const isLarger = Math.abs(rounded) > Math.abs(weight);
      return isLarger ? rounded - Math.sign(weight) * stepBelow(rounded) : rounded;
    }),
    wrongHalf("f16 subnormals flushed to zero", role, "f16", (weight) =>
      Math.abs(weight) < 2 ** -14 ? 0 : roundTo("f16", weight),
    ),
    wrongHalf("bf16 weights cut off", role, "bf16", (weight) => {
      const word = new Uint32Array(Float32Array.of(weight).buffer)[0] ?? 0;
      return new Float32Array(Uint32Array.of(word & 0xffff0000).buffer)[0] ?? 0;
    }),
    wrongHalf("bf16 ties rounded away from zero", role, "bf16", (weight) => {
      const word = new Uint32Array(Float32Array.of(weight).buffer)[0] ?? 0;
      return new Float32Array(Uint32Array.of((word + 0x8000) & 0xffff0000).buffer)[0] ?? 0;
    }),
    wrongHalf("f16 weights kept as f32", role, "f16", (weight) => weight),
    wrongHalf(
      "weights beyond f16 become infinite",
      role,
      "f16",
      (weight) => roundTo("f16", weight),
      `weights: a value that the dtype cannot hold is refused in a ${role}, f16 weights`,
    ),
    wrongHalf(
      "f16 infinity and NaN read as numbers of a larger exponent",
      role,
      "f16",
      (weight) => (Number.isFinite(weight) ? roundTo("f16", weight) : 65536),
      `weights: NaN and infinity of f16 in a ${role} do not become finite, f16 weights`,
    ),
    wrongHalf(
      "bf16 infinity and NaN read as the largest number",
      role,
      "bf16",
      (weight) => (Number.isFinite(weight) ? roundTo("bf16", weight) : 3.3895314e38),
      `weights: NaN and infinity of bf16 in a ${role} do not become finite, bf16 weights`,
    ),
    wrongWeights(
      `f16 infinity and NaN read as numbers and kept as f32, ${role}`,
      `weights: NaN and infinity of f16 in a ${role} do not become finite, f32 weights`,
      (given, right) => {
        if (given.role !== role || given.view.dtype !== "f16") return right();
        const values = toF32(given.view);
        return floatWeight(Float32Array.from(values, (x) => (Number.isFinite(x) ? x : 65536)));
      },
    ),
  ]),
  wrongSteps("one scale for the whole matrix", ({ values, scales }) => {
    const largest = Math.max(...scales);
    const cols = values.length / scales.length;
    const scaleOf = (i: number) => scales[Math.floor(i / cols)] ?? 0;
    return {
      values: values.map((value, i) => Math.round((value * scaleOf(i)) / largest)),
      scales: scales.map(() => largest),
    };
  }),
  wrongSteps("weights of seven bits", ({ values, scales }) => ({
    values: values.map((value) => Math.max(-126, Math.min(126, 2 * Math.round(value / 2)))),
    scales,
  })),
  wrongSteps("the largest weight wraps around", ({ values, scales }) => ({
    values: values.map((value) => (value === 127 ? -128 : value)),
    scales,
  })),
];

function wrongHalf(
  name: string,
  role: KeptRole,
  dtype: "f16" | "bf16",
  round: (weight: number) => number,
  caughtBy = `op ${role === "matrix" ? "linear" : "embedding_lookup"}, ${dtype} weights`,
): Mutant {
  return wrongWeights(`${name}, ${role}`, caughtBy, (given, right) => {
    if (given.role !== role || given.dtype !== dtype) return right();
    return floatWeight(Float32Array.from(toF32(given.view), round));
  });
}

function wrongSteps(name: string, change: (matrix: EightBitRows) => EightBitRows): Mutant {
  return wrongWeights(name, "op linear, i8 weights", (_given, right) => {
    const memory = right();
    return memory.eightBit ? { ...memory, eightBit: change(memory.eightBit) } : memory;
  });
}

/** The distance of an f16 number to the next one toward zero. */
function stepBelow(value: number): number {
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const isPower = Math.abs(value) === 2 ** exponent && exponent > -14;
  return 2 ** (Math.max(exponent, -14) - 10 - (isPower ? 1 : 0));
}
