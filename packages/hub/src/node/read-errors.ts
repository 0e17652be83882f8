import { ModelFileError } from "@ripvec/core";

/** The error for a file that the system refused to read, with the system's reason. */
export function unreadable(path: string, cause: unknown): ModelFileError {
  const reason = cause instanceof Error ? `: ${cause.message}` : "";
  return new ModelFileError(`cannot be read${reason}`, { path, cause });
}

/** Whether the system's error says that the path does not exist. */
export function isAbsence(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
