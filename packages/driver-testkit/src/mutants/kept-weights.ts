import { type TensorRole, toF32, type WeightDType, type WeightView } from "@ripvec/core";
import type { EightBitRows } from "../numbers/kept-weights.js";
import { roundTo } from "../numbers/round-to.js";
import type { Memory } from "../template/kernel.js";
import { templateKernels } from "../template/kernels.js";
import { TemplateImplementation } from "../template/template-driver.js";
import { type Mutant, wrongImplementation } from "./mutant.js";

/** Matrices that are not what their dtype says. */
export const keptWeightMutants: readonly Mutant[] = [
  wrongHalf("f16 weights rounded toward zero", "f16", (weight) => {
    const rounded = roundTo("f16", weight);
    const isLarger = Math.abs(rounded) > Math.abs(weight);
    return isLarger ? rounded - Math.sign(weight) * stepBelow(rounded) : rounded;
  }),
  wrongHalf("f16 subnormals flushed to zero", "f16", (weight) =>
    Math.abs(weight) < 2 ** -14 ? 0 : roundTo("f16", weight),
  ),
  wrongHalf("bf16 weights cut off", "bf16", (weight) => {
    const word = new Uint32Array(Float32Array.of(weight).buffer)[0] ?? 0;
    return new Float32Array(Uint32Array.of(word & 0xffff0000).buffer)[0] ?? 0;
  }),
  wrongHalf("bf16 ties rounded away from zero", "bf16", (weight) => {
    const word = new Uint32Array(Float32Array.of(weight).buffer)[0] ?? 0;
    return new Float32Array(Uint32Array.of((word + 0x8000) & 0xffff0000).buffer)[0] ?? 0;
  }),
  wrongHalf("f16 weights kept as f32", "f16", (weight) => weight),
  wrongImplementation(
    "weights beyond f16 become infinite",
    "weights: a value that the dtype cannot hold is refused, f16",
    () => new WrongHalves("f16", (weight) => roundTo("f16", weight)),
  ),
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

type Rounding = (weight: number) => number;

function wrongHalf(name: string, dtype: "f16" | "bf16", round: Rounding): Mutant {
  const caughtBy = `op linear, ${dtype} weights`;
  return wrongImplementation(name, caughtBy, () => new WrongHalves(dtype, round));
}

class WrongHalves extends TemplateImplementation {
  readonly #dtype: WeightDType;
  readonly #round: Rounding;

  constructor(dtype: WeightDType, round: Rounding) {
    super(templateKernels, {});
    this.#dtype = dtype;
    this.#round = round;
  }

  override createWeight(view: WeightView, role: TensorRole, dtype: WeightDType): Memory {
    if (dtype !== this.#dtype) return super.createWeight(view, role, dtype);
    const { buffer, byteLength } = Float32Array.from(toF32(view), (weight) => this.#round(weight));
    return { buffer, byteOffset: 0, byteLength, isWeight: true };
  }
}

type Change = (matrix: EightBitRows) => EightBitRows;

function wrongSteps(name: string, change: Change): Mutant {
  return wrongImplementation(name, "op linear, i8 weights", () => new WrongSteps(change));
}

class WrongSteps extends TemplateImplementation {
  readonly #change: Change;

  constructor(change: Change) {
    super(templateKernels, {});
    this.#change = change;
  }

  override createWeight(view: WeightView, role: TensorRole, dtype: WeightDType): Memory {
    const memory = super.createWeight(view, role, dtype);
    return memory.eightBit ? { ...memory, eightBit: this.#change(memory.eightBit) } : memory;
  }
}

/** Distance of an f16 to the next one toward zero. */
function stepBelow(value: number): number {
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const isPower = Math.abs(value) === 2 ** exponent && exponent > -14;
  return 2 ** (Math.max(exponent, -14) - 10 - (isPower ? 1 : 0));
}
