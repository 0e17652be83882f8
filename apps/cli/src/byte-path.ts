/**
 * A path as its bytes, one character from U+0000 to U+00FF for each: a name need not be UTF-8, and git compares bytes.
 * `join`, `dirname` and the like of node:path take it as it is.
 */
export type BytePath = string;

export const bytesOf = (path: string | Uint8Array): BytePath =>
  Buffer.from(path).toString("latin1");

/** As it may be shown: U+FFFD stands for bytes that are not UTF-8. */
export const textOf = (path: BytePath): string => Buffer.from(path, "latin1").toString();

export const isUtf8Path = (path: BytePath): boolean => bytesOf(textOf(path)) === path;

/** What functions of node:fs take: a string, or bytes where no string gives them. */
export function fsPath(path: BytePath): string | Buffer {
  return isUtf8Path(path) ? textOf(path) : Buffer.from(path, "latin1");
}
