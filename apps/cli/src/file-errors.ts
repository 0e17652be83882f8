const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EAGAIN: "it gives no data at once",
  EBADF: "it is not open for reading",
  EDQUOT: "the quota is used up",
  EFBIG: "the file is as large as the system lets it be",
  EIO: "the system reports an input or output error",
  EISDIR: "it is a directory",
  ELOOP: "it is a symbolic link, or links form a loop",
  EMFILE: "too many open files",
  ENAMETOOLONG: "the path is too long",
  ENOENT: "there is no such file",
  ENOSPC: "no space is left on the device",
  ENOTDIR: "a part of the path is not a directory",
  ENXIO: "nothing that can be read is open under that name",
  EPERM: "it is not permitted",
};

/** Why the system could not open or read a file, in a few words. */
export function whyUnreadable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return (code !== undefined && reasons[code]) || code || String(error);
}

/** Why the system could not write, in a few words. */
export function whyUnwritable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EBADF" ? "it is not open for writing" : whyUnreadable(error);
}

export function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
