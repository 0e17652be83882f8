import { randomUUID } from "node:crypto";
import { lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readWhole } from "../read-file.js";

const temporarySuffix = ".tmp";
export const temporaryPath = (path: string): string => `${path}.${randomUUID()}${temporarySuffix}`;

/**
 * A temporary file exists for seconds. After an hour, the process that made it must have been
 * killed.
 */
const abandonedMs = 3_600_000;

/** Removes temporary files that killed processes left in a folder. */
export async function sweep(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((each) => each.endsWith(temporarySuffix))) {
    const path = join(directory, name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats && Date.now() - stats.ctimeMs > abandonedMs) {
      await rm(path, { force: true }).catch(() => undefined);
    }
  }
}

/** Undefined when the file does not exist or cannot be read, because the caches work without it. */
export async function readTextFile(path: string, maxBytes: number): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await readWhole(path, maxBytes));
  } catch {
    return undefined;
  }
}

/** Readers see the old text or the new one, also after a power failure. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryPath(path);
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await removeObstacle(path);
    await rename(temporary, path);
    await sweep(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Removes whatever is at the path of a file to be written unless it is a regular file: a folder, a
 * link, a FIFO.
 */
export async function removeObstacle(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats && !stats.isFile()) await rm(path, { recursive: true, force: true });
}

/** Whether an error comes from the file system, and not from a fault of the program. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
