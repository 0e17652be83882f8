import type { BigIntStats } from "node:fs";
import { stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { ModelFileError } from "@ripvec/core";
import type { FileIdentity } from "@ripvec/core/arch";
import { unreadable } from "./read-errors.js";

/**
 * Resolution of file times. Systems take the time of a write from a clock that ticks every 1 to 10
 * ms, so a second write within one tick can leave the same time.
 */
const longestTickMs = 20;

/**
 * The identity that a file has now. When its last write is less than a tick ago, it is read again
 * after a tick.
 */
export async function identify(path: string): Promise<FileIdentity> {
  const first = await statFile(path);
  const ageMs = Date.now() - Number(first.mtimeMs);
  if (ageMs < 0 || ageMs >= longestTickMs) return identityOf(first);
  await delay(longestTickMs);
  return identityOf(await statFile(path));
}

async function statFile(path: string): Promise<BigIntStats> {
  let stats: BigIntStats;
  try {
    stats = await stat(path, { bigint: true });
  } catch (cause) {
    throw unreadable(path, cause);
  }
  if (stats.isFile()) return stats;
  throw new ModelFileError("is not a file", { path });
}

function identityOf({ dev, ino, size, mtimeNs }: BigIntStats): FileIdentity {
  return { device: dev, inode: ino, byteLength: Number(size), modifiedNs: mtimeNs };
}

const replaced = "another file now has this path";

/**
 * Throws ModelFileError that says what changed, unless an open file is still the one that `opened`
 * describes.
 */
export function expectUnchanged(path: string, opened: FileIdentity, stats: BigIntStats): void {
  // The system may reuse the inode of a deleted file for something that is not a file.
  const how = stats.isFile() ? difference(opened, identityOf(stats)) : replaced;
  if (how === undefined) return;
  throw new ModelFileError(
    `was changed after the model was opened (${how}): open the model again`,
    { path },
  );
}

function difference(was: FileIdentity, is: FileIdentity): string | undefined {
  if (was.device !== is.device || was.inode !== is.inode) return replaced;
  if (was.byteLength !== is.byteLength)
    return `it had ${was.byteLength} bytes, now ${is.byteLength}`;
  return was.modifiedNs === is.modifiedNs ? undefined : "it was written to";
}
