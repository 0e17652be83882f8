import type { LoadedModel, ModelSource, SizeOptions } from "./arch.js";
import { InputError, ModelFileError } from "./errors.js";
import { kindOf } from "./kind-of.js";

/** Options of an app about the length of vectors. */
export interface ShorteningOptions {
  readonly dimensions?: number | undefined;
  readonly normalize?: boolean | undefined;
  readonly renormalize?: boolean | undefined;
}

/** How a backend shortens the vectors of a model. */
export interface Shortening {
  /** Number of leading values that are kept. */
  readonly dim: number;
  /** Whether the values that are kept are scaled to length 1. */
  readonly normalize: boolean;
  /** For the fingerprint: "256", or "256 cut" if vectors of length 1 are cut and not scaled to length 1 again. */
  readonly name: string;
}

/** `truncateDim` of the model. Throws ModelFileError unless it is absent or a positive whole number. */
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

/** Throws InputError unless the given options are whole numbers from 1 to the size of the model. */
export function checkSizes(
  options: SizeOptions,
  sizes: { readonly dimensions: number; readonly maxTokens: number },
): void {
  for (const name of ["dimensions", "maxTokens"] as const) {
    const value: unknown = options[name];
    if (value === undefined || (isCount(value) && (value as number) <= sizes[name])) continue;
    throw new InputError(
      `${name} must be a whole number in 1 … ${sizes[name]}, got ${numberText(value)}`,
    );
  }
}

/** A value that should be a number, for the "got …" of a message. Text is in quotation marks. */
export function numberText(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" ? kindOf(value) : String(value);
}

/**
 * Keeps `dimensions` values, else `truncateDim` values, else all. Throws InputError unless `dimensions` is in 1 … the
 * length of the model's vectors. A `truncateDim` above that length keeps all values.
 */
export function shorteningOf(
  options: ShorteningOptions,
  truncateDim: number | undefined,
  loaded: Pick<LoadedModel, "dim" | "normalized">,
): Shortening {
  const { dimensions } = options;
  checkSizes({ dimensions }, { dimensions: loaded.dim, maxTokens: 0 });
  const dim = Math.min(dimensions ?? truncateDim ?? loaded.dim, loaded.dim);
  const isCut = loaded.normalized && dim < loaded.dim;
  const byDefault = dimensions !== undefined || options.normalize === true;
  const normalize = isCut && (options.renormalize ?? byDefault);
  return { dim, normalize, name: isCut && !normalize ? `${dim} cut` : `${dim}` };
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
