import { type Stats, statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "@ripvec/core";
import { isRefusal } from "./attempt.js";

/** The absolute path that a path or a file URL names. Throws InputError, which names `chosenBy`, for anything else. */
export function chosenPath(file: string | URL, chosenBy: string): string {
  const isUrl = file instanceof URL || (typeof file === "string" && /^file:/i.test(file));
  if (!isUrl && typeof file !== "string") {
    throw new InputError(`${chosenBy} must be a path or a file URL, got ${typeof file}`);
  }
  try {
    return isUrl ? fileURLToPath(file) : resolve(file);
  } catch (cause) {
    throw new InputError(`${chosenBy} is no URL of a file: ${String(file)}`, { cause });
  }
}

/** Why there is no file at `path`. Undefined if there is one, or if the runtime may not look: loading it reports the refusal. */
export function missingFile(path: string): Error | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() ? undefined : new Error(`it is ${kindOf(stats)}, not a file`);
  } catch (error) {
    if (isRefusal(error)) return undefined;
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? new Error("not found") : (error as Error);
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a directory";
  if (stats.isFIFO()) return "a named pipe";
  if (stats.isSocket()) return "a socket";
  return "a device";
}
