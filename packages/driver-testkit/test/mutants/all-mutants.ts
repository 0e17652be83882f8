import { attentionMutants } from "./attention.js";
import { callMutants } from "./calls.js";
import { eightBitMutants } from "./eight-bit.js";
import { eightBitRowMutants } from "./eight-bit-rows.js";
import { fusedMutants } from "./fused.js";
import { indexingMutants } from "./indexing.js";
import { keptWeightMutants } from "./kept-weights.js";
import { memoryMutants } from "./memory.js";
import type { Mutant } from "./mutant.js";
import { numericMutants } from "./numeric.js";

/** Deliberately wrong drivers. Each must fail the kit, in the test that is there to find it. */
export const allMutants: readonly Mutant[] = [
  ...numericMutants,
  ...indexingMutants,
  ...attentionMutants,
  ...fusedMutants,
  ...memoryMutants,
  ...callMutants,
  ...eightBitMutants,
  ...keptWeightMutants,
  ...eightBitRowMutants,
];
