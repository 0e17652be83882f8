import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/**
 * Without this flag, opening a named pipe waits for a writer, and only a signal ends that wait.
 * Windows does not have it.
 */
const nonBlocking = constants.O_NONBLOCK ?? 0;
const notThroughLink = constants.O_NOFOLLOW ?? 0;

export interface ReadOptions {
  readonly maxBytes: number;
  /** Fails with ELOOP when the path is a symbolic link. */
  readonly refuseLink?: boolean;
}

export type FileBytes =
  | { readonly bytes: Buffer }
  | { readonly problem: "not a regular file" | "too large" };

/**
 * All bytes of a regular file. Rejects with the system's error. Never waits for another process.
 */
export async function readRegularFile(
  path: string | Buffer,
  { maxBytes, refuseLink = false }: ReadOptions,
): Promise<FileBytes> {
  const flags = constants.O_RDONLY | nonBlocking | (refuseLink ? notThroughLink : 0);
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

/** Reads to the end only when the file states no size, as in /proc. */
async function readUpTo(file: FileHandle, stated: number, maxBytes: number): Promise<Buffer> {
  let buffer = Buffer.allocUnsafe(stated === 0 ? 4096 : stated);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    length += bytesRead;
    if (bytesRead === 0 || length === stated || length === maxBytes)
      return buffer.subarray(0, length);
    if (length < buffer.length) continue;
    const larger = Buffer.allocUnsafe(Math.min(maxBytes, 2 * length));
    buffer.copy(larger, 0, 0, length);
    buffer = larger;
  }
}
