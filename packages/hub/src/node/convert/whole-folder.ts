import { lstat, mkdir, readdir, realpath, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { InputError } from "@ripvec/core";
import { isAbsence } from "../read-errors.js";
import { isSystemError, temporaryPath } from "../remote/whole-file.js";

/** Throws InputError unless a folder can be made at `path`: nothing is there, or an empty folder. */
export async function expectFree(path: string): Promise<void> {
  const parent = await lstatOrUndefined(dirname(path));
  if (!parent) throw new InputError(`${path} cannot be made: ${dirname(path)} does not exist`);
  const stats = await lstatOrUndefined(path);
  if (!stats) return;
  if (!stats.isDirectory()) throw new InputError(`${path} exists and is no folder: pass another`);
  const [first] = await readdir(path);
  if (first === undefined) return;
  throw new InputError(`${path} is not empty (it holds ${first}): pass a folder that is not there`);
}

async function lstatOrUndefined(path: string) {
  try {
    return await lstat(path);
  } catch (cause) {
    if (isAbsence(cause)) return undefined;
    throw unwritable(path, cause);
  }
}

/** Throws InputError when `path` lies in the folder. */
export async function expectOutside(path: string, folder: string): Promise<void> {
  const real = join(await realpath(dirname(path)), basename(path));
  const inner = relative(await realpath(folder), real);
  if (inner.split(sep)[0] === ".." || isAbsolute(inner)) return;
  throw new InputError(`${path} lies in the model ${folder}: pass a folder outside of it`);
}

/**
 * A folder that is there whole or not at all: it is written beside its place, under another name, and renamed. Throws
 * what `write` throws, and InputError when the system refuses to write.
 */
export async function writeFolder<T>(
  path: string,
  write: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = temporaryPath(path);
  try {
    await mkdir(temporary);
    const written = await write(temporary);
    await rmdir(path).catch((error: unknown) => {
      if (!isAbsence(error)) throw error;
    });
    await rename(temporary, path);
    return written;
  } catch (error) {
    // Where that fails too, the first error is the one to know.
    await rm(temporary, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
    throw isSystemError(error) ? unwritable(path, error) : error;
  }
}

function unwritable(path: string, cause: unknown): InputError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new InputError(`${path} cannot be written: ${reason}`, { cause });
}
