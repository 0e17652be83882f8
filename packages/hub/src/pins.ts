import { InputError } from "@ripvec/core";
import { isInnerPath } from "./model-files.js";

/** SHA-256 in lower-case hex that files must have, by path. */
export type Pins = ReadonlyMap<string, string>;

/** Checks the option `sha256`. Throws InputError. */
export function readPins(option: Readonly<Record<string, string>> = {}): Pins {
  return new Map(
    Object.entries(option).map(([path, digest]) => {
      if (isInnerPath(path) && /^[0-9a-f]{64}$/i.test(digest)) return [path, digest.toLowerCase()];
      throw new InputError(
        `sha256 must name files of the model and digests of 64 hex digits, got ${JSON.stringify(path)}: ${JSON.stringify(digest)}`,
      );
    }),
  );
}
