import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Without it, opening a named pipe waits for a writer, and nothing but a signal ends that wait. Windows has no such flag. */
const dontWait = constants.O_NONBLOCK ?? 0;
const notThroughLink = constants.O_NOFOLLOW ?? 0;

export interface ReadOptions {
  readonly maxBytes: number;
  /** Fails with ELOOP when the path is a symbolic link. */
  readonly refuseLink?: boolean;
}

export type FileBytes =
  | { readonly bytes: Buffer }
  | { readonly problem: "not a regular file" | "too large" };

/** All bytes of a regular file. Rejects with the system's error; never waits for another process. */
export async function readRegularFile(
  path: string | Buffer,
  { maxBytes, refuseLink = false }: ReadOptions,
): Promise<FileBytes> {
  const flags = constants.O_RDONLY | dontWait | (refuseLink ? notThroughLink : 0);
  const file = await open(path, flags);
  try {
    const found = await file.stat();
    if (!found.isFile()) return { problem: "not a regular file" };
    const bytes = await readUpTo(file, Math.min(found.size, maxBytes + 1), maxBytes + 1);
    return bytes.length > maxBytes ? { problem: "too large" } : { bytes };
  } finally {
    await file.close();
  }
}

/** Reads on to the end only where the file states no size, as those of /proc do. */
async function readUpTo(file: FileHandle, stated: number, most: number): Promise<Buffer> {
  let buffer = Buffer.allocUnsafe(stated === 0 ? 4096 : stated);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    length += bytesRead;
    if (bytesRead === 0 || length === stated || length === most) return buffer.subarray(0, length);
    if (length < buffer.length) continue;
    const larger = Buffer.allocUnsafe(Math.min(most, 2 * length));
    buffer.copy(larger, 0, 0, length);
    buffer = larger;
  }
}
