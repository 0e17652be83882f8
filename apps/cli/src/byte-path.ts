/**
 * A path as its bytes, one character from U+0000 to U+00FF for each, because a name need not be
 * UTF-8 and git compares bytes. The functions of node:path (`join`, `dirname`) accept it.
 */
export type BytePath = string;

export const bytesOf = (path: string | Uint8Array): BytePath =>
  Buffer.from(path).toString("latin1");

/** The path for display: bytes that are not UTF-8 are shown as U+FFFD. */
export const textOf = (path: BytePath): string => Buffer.from(path, "latin1").toString();

export const isUtf8Path = (path: BytePath): boolean => bytesOf(textOf(path)) === path;

/** The argument for functions of node:fs: a string, or bytes when the path is not UTF-8. */
export function fsPath(path: BytePath): string | Buffer {
  return isUtf8Path(path) ? textOf(path) : Buffer.from(path, "latin1");
}
