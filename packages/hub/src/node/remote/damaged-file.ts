import { DownloadError } from "../../download-error.js";

/** A file in a cache that is not what it must be, and that cannot be fetched again. */
export function damagedFile(
  facts: { model: string; file: string; cause?: unknown },
  path: string,
  reason: string,
): DownloadError {
  return new DownloadError(
    "integrity",
    `${path} is damaged: ${reason}. Delete it and open the model once online`,
    facts,
  );
}
