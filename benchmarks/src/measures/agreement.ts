import type { WeightDType } from "@ripvec/core";
import { distance } from "../compare.js";
import type { EngineSpec } from "../engines/engine.js";

/** Largest 1 − cos from f32 at which an engine still computes the same model. */
const bounds: Record<WeightDType, number> = {
  f32: 1e-6,
  f16: 1e-5,
  bf16: 1e-3,
  i8: 2e-2,
};

/** Largest 1 − cos of a vector. Throws when it is beyond what the engine's dtype explains. */
export function checkAgreement(
  { name, dtype }: Pick<EngineSpec, "name" | "dtype">,
  load: string,
  vectors: readonly ArrayLike<number>[],
  reference: readonly ArrayLike<number>[],
): number {
  const { cosine } = distance(vectors, reference);
  if (cosine <= bounds[dtype]) return Math.max(0, cosine);
  throw new Error(
    `load ${load}: 1 − cos of ${name} is ${cosine.toExponential(2)}; for ${dtype} at most ${bounds[dtype]} is right`,
  );
}
