import { InputError } from "@ripvec/core";
import { DownloadError } from "../download-error.js";
import { isInnerPath } from "../model-files.js";
import { publicUrl } from "../remote/public-url.js";

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

/** Throws DownloadError when a file has another digest than was asked for. */
export function expectDigest(
  actual: string,
  expected: string,
  facts: { model: string; file: string; url: string; saidBy: string },
): void {
  if (actual === expected) return;
  throw new DownloadError(
    "integrity",
    `${publicUrl(facts.url)} is not the file it should be: SHA-256 ${actual} instead of ${expected}, which ${facts.saidBy} says. Look which of the two is right`,
    facts,
  );
}
