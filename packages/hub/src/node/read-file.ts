import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ModelFileError } from "@ripvec/core";

/**
 * Opening must not wait for a writer when the path has become a FIFO. Windows has neither FIFOs nor
 * the flag.
 */
export const openFlags: number = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a whole regular file, with the size that it has when it is opened. Throws ModelFileError
 * when it is not a regular file or has more than `maxBytes`, and the system's error when it cannot
 * be read.
 */
export async function readWhole(path: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await open(path, openFlags);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new ModelFileError("is not a file", { path });
    if (stats.size > maxBytes) throw tooLarge(path, stats.size, maxBytes);
    return await readAll(handle, stats.size);
  } finally {
    await handle.close();
  }
}

export function tooLarge(path: string, byteLength: number, maxBytes: number): ModelFileError {
  return new ModelFileError(
    `has ${byteLength} bytes, the limit for this file is ${maxBytes}, so its contents are not what its name says`,
    { path },
  );
}

async function readAll(handle: FileHandle, byteLength: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(byteLength);
  let done = 0;
  while (done < byteLength) {
    // As one object, since the file handles of Yarn's Plug'n'Play take a Uint8Array for the options.
    const { bytesRead } = await handle.read({
      buffer: bytes,
      offset: done,
      length: byteLength - done,
      position: done,
    });
    if (bytesRead === 0) return bytes.subarray(0, done);
    done += bytesRead;
  }
  return bytes;
}
