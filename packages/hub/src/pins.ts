import { InputError, ModelFileError } from "@ripvec/core";
import { mapConcurrently } from "./map-concurrently.js";
import { isInnerPath, type ModelFiles } from "./model-files.js";

/** Required SHA-256 digests in lower-case hex, by path. */
export type Pins = ReadonlyMap<string, string>;

/** Checks the option `sha256`. Throws InputError. */
export function readPins(option: Readonly<Record<string, string>> = {}): Pins {
  const pins: unknown = option;
  if (typeof pins !== "object" || pins === null || Array.isArray(pins)) {
    const kind = Object.prototype.toString.call(pins);
    throw new InputError(`sha256 must be an object of paths and digests, got ${kind}`);
  }
  return new Map(
    Object.entries(pins).map(([path, digest]: [string, unknown]) => {
      const isDigest = typeof digest === "string" && /^[0-9a-f]{64}$/i.test(digest);
      if (isInnerPath(path) && isDigest) return [path, digest.toLowerCase()];
      throw new InputError(
        `sha256 must name files of the model and digests of 64 hex digits, got ${JSON.stringify(path)}: ${JSON.stringify(digest)}`,
      );
    }),
  );
}

/**
 * Throws ModelFileError for a pinned file that the model does not have, even one that is not
 * otherwise read.
 */
export async function expectPinned(files: ModelFiles, pins: Pins): Promise<void> {
  await mapConcurrently([...pins], async ([path, pin]) => {
    if (!(await files.exists(path))) throw missingPinned(files.locate(path), pin);
  });
}

export function missingPinned(path: string, pin: string): ModelFileError {
  return new ModelFileError(`is missing; a file of SHA-256 ${pin} is required`, { path });
}
