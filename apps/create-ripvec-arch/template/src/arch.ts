import { transformerArch } from "@ripvec/arch-kit";
import type { ModelArch } from "@ripvec/core";
import { type Config, readConfig } from "./config.js";
import { encode } from "./forward.js";
import { planWeights, type Weights } from "./weights.js";

/**
 * An encoder that normalises before each sublayer, with rotary positions, gated feed-forward layers, a local window in
 * every second layer, and no biases.
 */
export const arch: ModelArch = transformerArch<Config, Weights>({
  name: "my-arch",
  readConfig,
  signature,
  weights: planWeights,
  forward: encode,
});

/** Everything besides weights and dtypes that changes a vector. Vectors with different signatures are not compared. */
function signature({ layers, heads, eps, theta, window }: Config): readonly string[] {
  return [`layers=${layers}`, `heads=${heads}`, `eps=${eps}`, `theta=${theta}`, `window=${window}`];
}
