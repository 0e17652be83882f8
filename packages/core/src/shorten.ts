import type { LoadedModel, ModelSource } from "./arch.js";
import { InputError, ModelFileError } from "./errors.js";

/** What an app may say about the length of vectors. */
export interface ShorteningOptions {
  readonly dimensions?: number | undefined;
  readonly normalize?: boolean | undefined;
  readonly renormalize?: boolean | undefined;
}

/** How a backend makes its vectors of the model's. */
export interface Shortening {
  /** Leading values that are kept. */
  readonly dim: number;
  /** Whether what is kept is scaled to length 1. */
  readonly normalize: boolean;
  /** For the fingerprint: "256", or "256 cut" where vectors of length 1 were cut and not scaled again. */
  readonly name: string;
}

/** `truncateDim` of the model. Throws ModelFileError unless it is a positive whole number, or absent. */
export function truncateDimOf({
  id,
  truncateDim,
}: Pick<ModelSource, "id" | "truncateDim">): number | undefined {
  if (truncateDim === undefined || isCount(truncateDim)) return truncateDim;
  throw new ModelFileError(
    `truncate_dim must be a positive whole number, got ${JSON.stringify(truncateDim)}`,
    { path: `${id}/config_sentence_transformers.json` },
  );
}

/**
 * `dimensions`, else the model's `truncateDim`, else all. Throws InputError for `dimensions` outside 1 … the
 * model's; a larger `truncateDim` keeps all.
 */
export function shorteningOf(
  options: ShorteningOptions,
  truncateDim: number | undefined,
  loaded: Pick<LoadedModel, "dim" | "normalized">,
): Shortening {
  const { dimensions } = options;
  if (dimensions !== undefined && !(isCount(dimensions) && dimensions <= loaded.dim)) {
    throw new InputError(
      `dimensions must be a whole number in 1 … ${loaded.dim}, got ${dimensions}`,
    );
  }
  const dim = Math.min(dimensions ?? truncateDim ?? loaded.dim, loaded.dim);
  const isCut = loaded.normalized && dim < loaded.dim;
  const byDefault = dimensions !== undefined || options.normalize === true;
  const normalize = isCut && (options.renormalize ?? byDefault);
  return { dim, normalize, name: isCut && !normalize ? `${dim} cut` : `${dim}` };
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
