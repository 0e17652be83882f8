/** A place where the addon was looked for in vain. */
export interface Attempt {
  /** The file, folder or package. */
  readonly candidate: string;
  /** The file that it stands for, if there is such a file. */
  readonly path?: string;
  readonly error: unknown;
}

export function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n")[0] ?? "";
}

/** Whether the runtime refused access: Deno, or Node with `--permission`. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return ["NotCapable", "PermissionDenied"].includes(error.name) || code === "ERR_ACCESS_DENIED";
}
