import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { InputError } from "@ripvec/core";
import type { Model } from "../model.js";
import { PinnedFiles } from "../pinned-files.js";
import { readPins } from "../pins.js";
import { readModel } from "../read-model.js";
import { isRepoName } from "../remote/repo-name.js";
import { DirectoryFiles } from "./directory-files.js";
import type { OpenModelOptions } from "./open-model-options.js";
import { openRemoteModel } from "./remote/open-remote-model.js";

/**
 * Opens a model from a local directory or, by its Hugging Face id ("owner/name"), from the download
 * cache and the hub. A directory of that name wins over an id. Throws InputError when the text is
 * neither, ModelFileError when a file is missing or broken, UnsupportedError for a kind of model that is not
 * read, what `arch` throws, DownloadError when the hub or the network fails, and the signal's reason when
 * aborted.
 */
export async function openModel(dirOrId: string, options: OpenModelOptions = {}): Promise<Model> {
  options.signal?.throwIfAborted();
  const directory = resolve(expandHome(dirOrId));
  const stats = dirOrId === "" ? undefined : await statOrUndefined(directory);
  if (stats?.isDirectory()) {
    const files = new PinnedFiles(new DirectoryFiles(directory), readPins(options.sha256));
    return { ...(await readModel(files, options.arch)), directory };
  }
  if (stats) {
    throw new InputError(`${directory} is a file; pass the directory that holds the model`);
  }
  if (isRepoName(dirOrId)) return openRemoteModel(dirOrId, options);
  throw new InputError(
    `no model ${JSON.stringify(dirOrId)}: there is no directory ${directory}, and it is not a Hugging Face id such as "owner/name"`,
  );
}

function expandHome(path: string): string {
  return /^~(?=$|[\\/])/.test(path) ? join(homedir(), path.slice(1)) : path;
}

/** Undefined when there is nothing of that name. */
async function statOrUndefined(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    if (!["EACCES", "EPERM", "ELOOP", "EIO"].includes(code)) return undefined;
    throw new InputError(`${path} cannot be opened: ${message}`, { cause });
  }
}
