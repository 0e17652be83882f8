const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EAGAIN: "it has no data at the moment",
  EBADF: "it is not open for reading",
  EDQUOT: "the quota is used up",
  EFBIG: "the file has reached the system's size limit",
  EIO: "the system reports an input or output error",
  EISDIR: "it is a directory",
  ELOOP: "it is a symbolic link, or links form a loop",
  EMFILE: "too many open files",
  ENAMETOOLONG: "the path is too long",
  ENOENT: "there is no such file",
  ENOSPC: "no space is left on the device",
  ENOTDIR: "a part of the path is not a directory",
  ENXIO: "no readable file is open under that name",
  EPERM: "the operation is not permitted",
};

/** The reason why the system could not open or read a file, in a few words. */
export function whyUnreadable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return (code !== undefined && reasons[code]) || code || String(error);
}

/** The reason why the system could not write, in a few words. */
export function whyUnwritable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EBADF" ? "it is not open for writing" : whyUnreadable(error);
}

export function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
