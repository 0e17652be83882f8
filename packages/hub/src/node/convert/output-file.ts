import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { ByteSource } from "@ripvec/core/arch";
import { sha256Of } from "../sha256-of.js";

/**
 * The largest single write, and the most bytes that may wait for a sync. An abort is noticed
 * between writes.
 */
const chunkBytes = 64 << 20;

/** A file that is being written. */
export interface OutputFile {
  writeAt(byteOffset: number, bytes: Uint8Array): Promise<void>;
}

/**
 * Creates a file and its folder, and has `write` fill it. The bytes are on the disk when the
 * promise resolves.
 */
export async function createFile(
  path: string,
  signal: AbortSignal | undefined,
  write: (file: OutputFile) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, "wx");
  let heldBack = 0;
  try {
    await write({
      async writeAt(byteOffset, bytes) {
        let done = 0;
        while (done < bytes.byteLength) {
          signal?.throwIfAborted();
          const length = Math.min(bytes.byteLength - done, chunkBytes);
          const { bytesWritten } = await handle.write(bytes, done, length, byteOffset + done);
          done += bytesWritten;
          heldBack += bytesWritten;
        }
        if (heldBack < chunkBytes) return;
        await handle.datasync();
        heldBack = 0;
      },
    });
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Copies the contents of a file into a new regular file, also where `source` is a link. */
export async function copyFile(
  path: string,
  source: ByteSource,
  signal: AbortSignal | undefined,
): Promise<void> {
  await createFile(path, signal, async (file) => {
    for (let at = 0; at < source.byteLength; at += chunkBytes) {
      await file.writeAt(at, source.read(at, Math.min(source.byteLength - at, chunkBytes)));
    }
  });
}

export async function writeText(
  path: string,
  text: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  await createFile(path, signal, (file) => file.writeAt(0, Buffer.from(text)));
}

/** The SHA-256 in hex of a file that was written. */
export async function hashFile(path: string, signal: AbortSignal | undefined): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return await sha256Of(file, size, signal);
  } finally {
    await file.close();
  }
}
