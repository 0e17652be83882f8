import type { DownloadProgress } from "@ripvec/hub";
import { byteSize } from "./numbers.js";
import { oneLine } from "./status-line.js";

/** The state of a download, for a status line. */
export function downloadLine(progress: DownloadProgress): (columns: number) => string {
  const { file, loaded, total } = progress;
  return oneLine(`downloading ${file}: ${byteSize(loaded)} of ${byteSize(total)}`);
}
