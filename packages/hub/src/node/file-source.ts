import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { isRipvecError } from "@ripvec/core";
import type { ByteSource, FileIdentity } from "@ripvec/core/arch";
import { expectUnchanged, identify } from "./file-identity.js";
import { unreadable } from "./read-errors.js";
import { openFlags } from "./read-file.js";
import { sha256Of } from "./sha256-of.js";

/**
 * A local file as bytes. No descriptor stays open between reads, so the source needs no closing.
 * Reads and the hash throw ModelFileError when the file was replaced or written to since it was
 * opened.
 */
export async function openFileSource(path: string): Promise<ByteSource> {
  const identity = await identify(path);
  let hash: Promise<string> | undefined;
  return {
    path,
    byteLength: identity.byteLength,
    local: true,
    identity,
    read: (from, byteLength) => readFileAt(path, identity, from, byteLength),
    hash() {
      hash ??= sha256OfFile(path, identity);
      return hash;
    },
  };
}

/** A write during the read shows in the file's time afterwards. */
function readFileAt(
  path: string,
  identity: FileIdentity,
  from: number,
  byteLength: number,
): Uint8Array {
  return withReadErrors(path, () => {
    const descriptor = openSync(path, openFlags);
    try {
      expectUnchanged(path, identity, fstatSync(descriptor, { bigint: true }));
      const bytes = readAt(descriptor, from, byteLength);
      expectUnchanged(path, identity, fstatSync(descriptor, { bigint: true }));
      return bytes;
    } finally {
      closeSync(descriptor);
    }
  });
}

/** The most bytes that one system call reads, below the 2 GiB that every platform accepts. */
const maxReadBytes = 1 << 30;

function readAt(descriptor: number, from: number, byteLength: number): Uint8Array {
  const bytes = new Uint8Array(byteLength);
  let done = 0;
  while (done < byteLength) {
    const count = Math.min(byteLength - done, maxReadBytes);
    const read = readSync(descriptor, bytes, done, count, from + done);
    if (read === 0) break;
    done += read;
  }
  return done === byteLength ? bytes : bytes.subarray(0, done);
}

/** The digest of the bytes that the file had when it was opened. */
async function sha256OfFile(path: string, identity: FileIdentity): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, openFlags);
    expectUnchanged(path, identity, await file.stat({ bigint: true }));
    const hash = await sha256Of(file, identity.byteLength);
    expectUnchanged(path, identity, await file.stat({ bigint: true }));
    return hash;
  } catch (error) {
    throw readError(path, error);
  } finally {
    await file?.close();
  }
}

function withReadErrors<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw readError(path, error);
  }
}

function readError(path: string, cause: unknown): Error {
  if (isRipvecError(cause)) return cause;
  return unreadable(path, cause);
}
