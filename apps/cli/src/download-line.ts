import { printable } from "@ripvec/core";
import type { DownloadProgress } from "@ripvec/hub";
import { byteSize } from "./numbers.js";

/** The state of a download, cut to the columns of a status line. */
export function downloadLine(progress: DownloadProgress): (columns: number) => string {
  const { file, loaded, total } = progress;
  return (columns) =>
    printable(`downloading ${file}: ${byteSize(loaded)} of ${byteSize(total)}`).slice(
      0,
      columns - 1,
    );
}
