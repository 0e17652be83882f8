import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ByteSource } from "@ripvec/core";

/** Bytes of one write, and of those that the system may hold back: small enough to stop between two of them. */
const chunkBytes = 64 << 20;

/** A file that is being written. */
export interface OutputFile {
  writeAt(byteOffset: number, bytes: Uint8Array): Promise<void>;
}

/** Creates a file with its folder and has it written. It is on the disk when the promise resolves. */
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

/** A copy of a file, as a file of its own also where `source` is a link. */
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

/** SHA-256 of a file, in hex. */
export async function sha256Of(path: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
  return hash.digest("hex");
}
