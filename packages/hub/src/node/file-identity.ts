import type { BigIntStats } from "node:fs";
import { stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { ModelFileError } from "@ripvec/core";
import type { FileIdentity } from "@ripvec/core/arch";
import { unreadable } from "./read-errors.js";

/**
 * Systems keep the time of a write by a clock that ticks every 1 to 10 ms: a file that was written to just now
 * can be written to again without another time.
 */
const longestTickMs = 20;

/** What the file is now. One that was written to within the last tick is looked at again after a tick. */
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

const replaced = "another file has its name";

/** Throws ModelFileError that says how, unless an open file still is what `opened` says. */
export function expectUnchanged(path: string, opened: FileIdentity, stats: BigIntStats): void {
  // A number of a file that is gone serves the next one, which may be no file.
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
