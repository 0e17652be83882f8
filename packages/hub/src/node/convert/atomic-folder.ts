import { constants, type Stats } from "node:fs";
import { access, lstat, mkdir, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { InputError } from "@ripvec/core";
import { isAbsence } from "../read-errors.js";
import { isSystemError, temporaryPath } from "../remote/atomic-file.js";

/**
 * Throws InputError unless a folder can be created at `path`: it does not exist, and its parent is
 * writable.
 */
export async function expectFree(path: string): Promise<void> {
  await refusingErrors(path, async () => {
    if (await exists(path)) {
      throw new InputError(`${path} already exists: name a folder that does not exist yet`);
    }
    const parent = dirname(path);
    const stats = await unlessAbsent(stat(parent));
    if (!stats) throw new InputError(`${path} cannot be made: ${parent} does not exist`);
    if (!stats.isDirectory()) {
      throw new InputError(`${path} cannot be made: ${parent} is not a folder`);
    }
    await access(parent, constants.W_OK | constants.X_OK);
  });
}

/** Throws InputError when `path` lies in the folder. */
export async function expectOutside(path: string, folder: string): Promise<void> {
  await refusingErrors(path, async () => {
    const real = join(await realpath(dirname(path)), basename(path));
    const inner = relative(await realpath(folder), real);
    if (inner.split(sep)[0] === ".." || isAbsolute(inner)) return;
    throw new InputError(`${path} lies in the model ${folder}: pass a folder outside of it`);
  });
}

const exists = async (path: string): Promise<boolean> =>
  (await unlessAbsent(lstat(path))) !== undefined;

async function unlessAbsent(found: Promise<Stats>): Promise<Stats | undefined> {
  return found.catch((error: unknown) => {
    if (isAbsence(error)) return undefined;
    throw error;
  });
}

/**
 * Writes a folder that appears whole or not at all: it is written next to its final path, under
 * another name, and renamed. Throws what `write` throws, and InputError when the system refuses to
 * write, or when another program has created `path` in the meantime.
 */
export async function writeFolder<T>(
  path: string,
  write: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = temporaryPath(path);
  return refusingErrors(path, async () => {
    try {
      await mkdir(temporary);
      const written = await write(temporary);
      await putInPlace(temporary, path);
      return written;
    } catch (error) {
      // When the removal fails too, the first error is the one to report.
      await rm(temporary, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
      throw error;
    }
  });
}

/** The system's rename replaces an empty folder, so `path` is checked first. */
async function putInPlace(temporary: string, path: string): Promise<void> {
  const expectNothing = async (cause?: unknown) => {
    if (!(await exists(path))) return;
    const message = `${path} was created by another program in the meantime, and is left unchanged`;
    throw new InputError(message, { cause });
  };
  await expectNothing();
  try {
    await rename(temporary, path);
  } catch (error) {
    await expectNothing(error);
    throw error;
  }
}

/** An error of the system is reported for the folder that was requested. */
async function refusingErrors<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new InputError(`${path} cannot be written: ${cause.message}`, { cause });
  }
}
