import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

/**
 * SHA-256 in hex of the first `byteLength` bytes of a file, which stays open. The bytes are read in
 * chunks, so memory never holds all of them. Throws the signal's reason when aborted.
 */
export async function sha256Of(
  file: FileHandle,
  byteLength: number,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash("sha256");
  if (byteLength > 0) {
    const end = byteLength - 1;
    const options = { start: 0, end, autoClose: false, highWaterMark: 1 << 20 };
    try {
      await pipeline(file.createReadStream(options), hash, { signal });
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  }
  return hash.digest("hex");
}
