import type { LoadedModel, ModelSource } from "./arch.js";
import type { WeightSource } from "./weights.js";

/** Changes when the same model and options give other vectors than before, by more than rounding. */
const fingerprintVersion = "v2";

/**
 * Returns a function that computes the fingerprint of vectors. `length` is the name of their shortening. The function
 * holds the weights of `model` only if they are in files: those in memory are hashed now.
 */
export function fingerprintOf(
  model: ModelSource,
  { signature, activations = "f32", weightDtype = "f32" }: LoadedModel,
  length: string,
): () => Promise<string> {
  const dtypes = weightDtype === "f32" ? [activations] : [activations, `${weightDtype} weights`];
  const hashes = sourcesOf(model).map(hashOf);
  return async () => {
    const all = await Promise.all(hashes.map((hash) => hash()));
    return [fingerprintVersion, signature, ...dtypes, length, ...all].join("/");
  };
}

/** The weights of the model and of its modules, each source once. */
function sourcesOf({ weights, modules = [] }: ModelSource): readonly WeightSource[] {
  const own = modules.flatMap((module) => (module.weights ? [module.weights] : []));
  return [...new Set([weights, ...own])];
}

function hashOf(source: WeightSource): () => Promise<string> {
  return source.inMemory ? always(source.hash()) : () => source.hash();
}

/** A failed hash is an error of the fingerprint alone. */
function always(hash: Promise<string>): () => Promise<string> {
  hash.catch(() => {});
  return () => hash;
}
