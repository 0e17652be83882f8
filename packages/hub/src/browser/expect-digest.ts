import { DownloadError } from "../download-error.js";
import { publicUrl } from "../remote/public-url.js";

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
