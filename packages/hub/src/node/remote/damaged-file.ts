import { DownloadError } from "../../download-error.js";

/** The error for a cached file that is damaged and cannot be fetched again. */
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
