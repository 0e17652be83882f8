import { sizeOf } from "@ripvec/core/driver";
import type { Random } from "../numbers/random.js";
import type { CaseTensor } from "./case.js";

type Shape = readonly number[];

export function normal(random: Random, shape: Shape, deviation = 1, mean = 0): CaseTensor {
  return { shape, values: random.normals(sizeOf(shape), deviation, mean) };
}

/** Row ids, the last row among them. */
export function ids(random: Random, size: number, below: number): CaseTensor {
  const values = random.integers(size, below);
  if (size > 0) values[random.integer(size)] = below - 1;
  return { shape: [size], values };
}

export function given(shape: Shape, values: readonly number[]): CaseTensor {
  return { shape, values: Float32Array.from(values) };
}

export function output(shape: Shape): CaseTensor {
  return { shape };
}

/**
 * Two tensors of five elements, each exact in f16. Two of their sums are beyond f16, one is its largest number, 65,504,
 * and two are small.
 */
export function nearlyBeyondF16(shape: Shape): readonly [CaseTensor, CaseTensor] {
  return [
    given(shape, [60000, -60000, 60000, 60000, 1]),
    given(shape, [60000, -60000, 5504, -60000, 2]),
  ];
}

/** The same tensor with some elements replaced. */
export function poke(tensor: CaseTensor, elements: Readonly<Record<number, number>>): CaseTensor {
  const values = Float32Array.from(tensor.values ?? []);
  for (const [index, value] of Object.entries(elements)) values[Number(index)] = value;
  return { ...tensor, values };
}

/** Values of very different sizes, 10^from … 10^to, of both signs. */
export function spread(random: Random, shape: Shape, from: number, to: number): CaseTensor {
  const values = Float32Array.from(random.normals(sizeOf(shape)), (value) => {
    return value * 10 ** (from + Math.floor(random.uniform() * (to - from + 1)));
  });
  return { shape, values };
}
