import { DownloadError } from "../download-error.js";
import { publicUrl } from "../remote/public-url.js";

/** Throws DownloadError when the digest of a file is not the expected one. */
export function expectDigest(
  actual: string,
  expected: string,
  facts: { model: string; file: string; url: string; saidBy: string },
): void {
  if (actual === expected) return;
  throw new DownloadError(
    "integrity",
    `${publicUrl(facts.url)} has SHA-256 ${actual} but ${facts.saidBy} states ${expected}. Check which of the two is right`,
    facts,
  );
}
