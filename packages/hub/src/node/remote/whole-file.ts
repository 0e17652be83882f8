import { randomUUID } from "node:crypto";
import { lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readWhole } from "../read-file.js";

const temporarySuffix = ".tmp";
export const temporaryPath = (path: string): string => `${path}.${randomUUID()}${temporarySuffix}`;

/** A temporary file has its name for seconds; after an hour its process was killed. */
const abandonedMs = 3_600_000;

/** Removes what processes that were killed left in a folder. */
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

/** Undefined when there is no such file, or none that can be read: the caches do without it. */
export async function readTextFile(path: string, maxBytes: number): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await readWhole(path, maxBytes));
  } catch {
    return undefined;
  }
}

/** Readers see the old text or the new one, also after a power cut. */
export async function writeWhole(path: string, text: string): Promise<void> {
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
    await clearWay(path);
    await rename(temporary, path);
    await sweep(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes what stands where a file is to be written and is none: a folder, a link, a FIFO. */
export async function clearWay(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats && !stats.isFile()) await rm(path, { recursive: true, force: true });
}

/** Whether the file system refused something, in contrast to a fault of the program. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
