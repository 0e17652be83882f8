import type { Stats } from "node:fs";
import { readdir, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { ModelFileError } from "@ripvec/core";
import { innerPath, type ModelFiles } from "../model-files.js";
import { openFileSource } from "./file-source.js";
import { isAbsence, unreadable } from "./read-errors.js";
import { readWhole } from "./read-file.js";

/** A model has a folder for each module and each export. */
const maxListedFolders = 32;

/**
 * The files of a model in a local directory. Symbolic links are followed, because download caches
 * use them.
 */
export class DirectoryFiles implements ModelFiles {
  readonly id: string;

  constructor(readonly directory: string) {
    this.id = directory;
  }

  locate(path: string): string {
    return join(this.directory, path);
  }

  async exists(path: string): Promise<boolean> {
    return (await this.#stat(path)) !== undefined;
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    return (await this.#stat(path)) && readBounded(this.locate(path), maxBytes);
  }

  async open(path: string): ReturnType<ModelFiles["open"]> {
    return (await this.#stat(path)) && openFileSource(this.locate(path));
  }

  /**
   * Unreadable folders are left out: the list only adds detail to messages about a missing file.
   */
  async list(): Promise<readonly string[]> {
    const top = await readdir(this.directory, { withFileTypes: true }).catch(() => []);
    const folders = top.filter((entry) => entry.isDirectory()).slice(0, maxListedFolders);
    const inner = folders.map(async ({ name }) =>
      (await readdir(join(this.directory, name)).catch(() => [])).map((file) => `${name}/${file}`),
    );
    return [...top.map(({ name }) => name), ...(await Promise.all(inner)).flat()];
  }

  async #stat(path: string): Promise<Stats | undefined> {
    return statFile(this.locate(innerPath(path, this.directory)));
  }
}

/** Undefined when the path does not exist. Throws ModelFileError when it is not a file. */
async function statFile(path: string): Promise<Stats | undefined> {
  try {
    const stats = await stat(path);
    if (stats.isFile()) return stats;
    throw new ModelFileError("is not a file", { path });
  } catch (error) {
    if (error instanceof ModelFileError) throw error;
    if (!isAbsence(error)) throw unreadable(path, error);
    await refuseDanglingLink(path);
    return undefined;
  }
}

/** A dangling link is an error and not a missing file: the model had a file there. */
async function refuseDanglingLink(path: string): Promise<void> {
  const target = await readlink(path).catch(() => undefined);
  if (target === undefined) return;
  throw new ModelFileError(`is a symbolic link to ${target}, which does not exist`, { path });
}

/** Reads a whole file of at most `maxBytes` bytes. Throws ModelFileError. */
export async function readBounded(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    return await readWhole(path, maxBytes);
  } catch (cause) {
    throw cause instanceof ModelFileError ? cause : unreadable(path, cause);
  }
}
