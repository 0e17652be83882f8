import type { ArchOptions, Driver, Encoding, ModelArch, ModelSource } from "@ripvec/core";
import { type LoadedModel, packBatch } from "@ripvec/core/arch";
import { templateDriver } from "@ripvec/driver-testkit";

/** The vocabulary size of the models of these tests. */
export const vocabSize = 29;

/** Mixed lengths, including 1 and the longest. The second half of each text has token type 1. */
export function texts(lengths: readonly number[], useTokenTypes = false): Encoding[] {
  return lengths.map((length, b) => {
    const along = (f: (i: number) => number) => Array.from({ length }, (_, i) => f(i));
    return {
      inputIds: along((i) => (b * 11 + i * i * 3 + i) % vocabSize),
      tokenTypeIds: along((i) => (useTokenTypes && i >= length / 2 ? 1 : 0)),
    };
  });
}

export interface Run {
  readonly loaded: LoadedModel;
  /** One vector per text. */
  readonly vectors: Float32Array[];
}

/**
 * Loads a model on a driver whose fresh memory is filled with NaN, and embeds. Disposes the driver.
 */
export async function runArch(
  arch: ModelArch,
  source: ModelSource,
  encodings: readonly Encoding[],
  options: ArchOptions = {},
  driver: Driver = templateDriver(),
): Promise<Run> {
  await using used = driver;
  const loaded = await arch.load(used, source, options);
  const batch = packBatch(encodings, "packed");
  const all = await used.run((ops) => loaded.forward(ops, batch), { poison: true });
  const vectors = encodings.map((_, b) => all.slice(b * loaded.dim, (b + 1) * loaded.dim));
  return { loaded, vectors };
}

/** The largest |Δ| between vectors; NaN if any value is NaN or a vector has another length. */
export function largestError(
  actual: readonly Float32Array[],
  expected: readonly (readonly number[])[],
): number {
  if (actual.length !== expected.length) return Number.NaN;
  return Math.max(
    ...expected.map((vector, b) => {
      const other = actual[b] ?? new Float32Array();
      if (other.length !== vector.length) return Number.NaN;
      return Math.max(...vector.map((value, i) => Math.abs(value - (other[i] ?? Number.NaN))));
    }),
  );
}

/**
 * Values are of order 1, f32 storage rounds to 6e-8 of that, and two layers have about 20 roundings
 * in sequence. The smallest mistake that was tried causes an error of 4e-4.
 */
export const tolerance = 3e-6;
