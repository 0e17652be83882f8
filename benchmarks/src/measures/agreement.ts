import type { WeightDType } from "@ripvec/core";
import { distance } from "../compare.js";
import type { EngineSpec } from "../engines/engine.js";

/**
 * Largest 1 − cos from f32 at which an engine still computes the same model: five to ten times the
 * effect of rounding on these loads. Angles grow with the rounding error and 1 − cos with its
 * square, so bf16, with three bits fewer than f16, is 64 times as far: 6e-5 compared with 1e-6. 8
 * bits for weights and activations give 2e-3. A wrong scale, zero point or mask gives 0.1 and more.
 */
const bounds: Record<WeightDType, number> = {
  f32: 1e-6,
  f16: 1e-5,
  bf16: 5e-4,
  i8: 1e-2,
};

/** Largest 1 − cos of a vector. Throws when it is larger than the engine's dtype explains. */
export function checkAgreement(
  { name, dtype }: Pick<EngineSpec, "name" | "dtype">,
  load: string,
  vectors: readonly ArrayLike<number>[],
  reference: readonly ArrayLike<number>[],
): number {
  const { cosine } = distance(vectors, reference);
  if (cosine <= bounds[dtype]) return Math.max(0, cosine);
  throw new Error(
    `load ${load}: 1 − cos of ${name} is ${cosine.toExponential(2)}; for ${dtype} the limit is ${bounds[dtype]}`,
  );
}
