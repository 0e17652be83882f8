import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { DownloadError } from "../../download-error.js";
import type { RemoteFile } from "../../remote/listing.js";
import { type Download, receive } from "../../remote/receive.js";
import { hasSize } from "./cache.js";

/** A download into the cache. */
interface FileDownload extends Download {
  /**
   * The unfinished file next to the blob. It is kept when the download stops, and the next attempt
   * continues it.
   */
  readonly partialPath: string;
}

/**
 * Downloads a file into the cache under its digest. The caller holds the blob's lock. The download
 * resumes what an earlier attempt left, and retries broken connections. The blob appears under its
 * name only when size and digest are right and the bytes are on the disk.
 */
export async function fetchBlob(blobPath: string, source: Download): Promise<void> {
  const download: FileDownload = { ...source, partialPath: `${blobPath}.partial` };
  await mkdir(dirname(blobPath), { recursive: true });
  let { digest, isPieced } = await fillPartial(download);
  if (digest !== source.file.digest && isPieced) {
    // The parts may come from different versions of the file, so it is fetched again from the
    // start.
    await rm(download.partialPath, { force: true });
    ({ digest } = await fillPartial(download));
  }
  if (digest !== source.file.digest) await refuse(download, digest);
  try {
    await rename(download.partialPath, blobPath);
  } catch (error) {
    // Another process that considered the lock dead may have finished the same file first.
    if (!(await hasSize(blobPath, source.file.byteLength))) throw error;
  }
}

async function refuse({ partialPath, client, file }: FileDownload, digest: string): Promise<never> {
  await rm(partialPath, { force: true });
  throw new DownloadError(
    "integrity",
    `the file that arrived has digest ${file.algorithm} ${digest} instead of ${file.digest}`,
    { model: client.model, file: file.path },
  );
}

/**
 * Completes the partial file and syncs it. `isPieced`: whether its bytes come from more than one
 * answer.
 */
async function fillPartial(download: FileDownload): Promise<{ isPieced: boolean; digest: string }> {
  const { file, partialPath } = download;
  const handle = await openPartial(partialPath, file.byteLength);
  try {
    const hash = startHash(file);
    const from = await hashExisting(handle, hash, download.client.signal);
    download.onBytes(from);
    const write = async (chunk: Uint8Array, at: number) => {
      await writeAt(handle.file, chunk, at);
      hash.update(chunk);
    };
    const sink = { at: from, write };
    const answers = await receive(download, sink, ". The next attempt continues there");
    await handle.file.sync();
    return { isPieced: from > 0 || answers > 1, digest: hash.digest("hex") };
  } finally {
    await handle.file.close();
  }
}

async function openPartial(path: string, maxBytes: number) {
  const file = await open(path, "a").then(async (created) => {
    await created.close();
    return open(path, "r+");
  });
  const { size } = await file.stat();
  if (size > maxBytes) await file.truncate(0);
  return { file, path, byteLength: size > maxBytes ? 0 : size };
}

export function startHash({ algorithm, byteLength }: Omit<RemoteFile, "path">): Hash {
  return algorithm === "sha256"
    ? createHash("sha256")
    : createHash("sha1").update(`blob ${byteLength}\0`);
}

async function hashExisting(
  { path, byteLength }: { path: string; byteLength: number },
  hash: Hash,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (byteLength === 0) return 0;
  for await (const chunk of createReadStream(path, {
    end: byteLength - 1,
    highWaterMark: 1 << 20,
  })) {
    signal?.throwIfAborted();
    hash.update(chunk);
  }
  return byteLength;
}

async function writeAt(handle: FileHandle, chunk: Uint8Array, at: number): Promise<void> {
  let done = 0;
  while (done < chunk.byteLength) {
    const { bytesWritten } = await handle.write(chunk, done, chunk.byteLength - done, at + done);
    done += bytesWritten;
  }
}
