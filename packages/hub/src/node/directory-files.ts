import type { Stats } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ModelFileError } from "@ripvec/core";
import { innerPath, type ModelFiles } from "../model-files.js";
import { openFileSource } from "./file-source.js";

/** A model has a folder per module and per export. */
const maxListedFolders = 32;

/** The files of a model in a local directory. Symbolic links are followed, as download caches use them. */
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
    const stats = await this.#stat(path);
    return stats && readBounded(this.locate(path), stats.size, maxBytes);
  }

  async open(path: string): ReturnType<ModelFiles["open"]> {
    return (await this.#stat(path)) && openFileSource(this.locate(path));
  }

  async list(): Promise<readonly string[]> {
    const top = await readdir(this.directory, { withFileTypes: true });
    const folders = top.filter((entry) => entry.isDirectory()).slice(0, maxListedFolders);
    const inner = folders.map(async ({ name }) =>
      (await readdir(join(this.directory, name))).map((file) => `${name}/${file}`),
    );
    return [...top.map(({ name }) => name), ...(await Promise.all(inner)).flat()];
  }

  async #stat(path: string): Promise<Stats | undefined> {
    return statFile(this.locate(innerPath(path, this.directory)));
  }
}

/** Undefined when nothing is there; ModelFileError when it is there but no file. */
async function statFile(path: string): Promise<Stats | undefined> {
  try {
    const stats = await stat(path);
    if (stats.isFile()) return stats;
    throw new ModelFileError("is not a file", { path });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error instanceof ModelFileError
      ? error
      : new ModelFileError("cannot be read", { path, cause: error });
  }
}

/** Reads a file whole, unless it has more bytes than it may. */
export async function readBounded(
  path: string,
  byteLength: number,
  maxBytes: number,
): Promise<Uint8Array> {
  if (byteLength > maxBytes) {
    throw new ModelFileError(`has ${byteLength} bytes, the limit for such a file is ${maxBytes}`, {
      path,
    });
  }
  try {
    return await readFile(path);
  } catch (cause) {
    throw new ModelFileError("cannot be read", { path, cause });
  }
}
