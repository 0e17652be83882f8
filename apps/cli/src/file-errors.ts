const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EAGAIN: "it gives no data at once",
  EISDIR: "it is a directory",
  ELOOP: "it is a link, or links go round",
  EMFILE: "too many open files",
  ENAMETOOLONG: "the path is too long",
  ENOENT: "there is no such file",
  ENOTDIR: "a part of the path is no directory",
  ENXIO: "nothing answers there",
  EPERM: "it is not permitted",
};

/** Why the system could not open or read a file, in a few words. */
export function whyUnreadable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return (code !== undefined && reasons[code]) || code || String(error);
}

export function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
