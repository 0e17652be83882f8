import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";

/**
 * Applies a fault to a file that holds `own`; `other` has as many bytes with other values, `moved`
 * the same in another order.
 */
export interface Contents {
  readonly own: Uint8Array;
  readonly other: Uint8Array;
  readonly moved: Uint8Array;
}

type Fault = (path: string, contents: Contents) => void;

/** Faults of a file that is in use. */
export const faults: Readonly<Record<string, Fault>> = {
  "cut to nothing": (path) => truncateSync(path, 0),
  "cut in its header": (path) => truncateSync(path, 100),
  "cut in the middle": (path, { own }) => truncateSync(path, own.length / 2),
  "cut by a byte": (path, { own }) => truncateSync(path, own.length - 1),
  "replaced by other weights": (path, { other }) => replace(path, other),
  "replaced by another layout": (path, { moved }) => replace(path, moved),
  "replaced by a copy": (path, { own }) => replace(path, own),
  "replaced by a folder": (path) => {
    rmSync(path);
    mkdirSync(path);
  },
  "replaced by a pipe": (path) => {
    rmSync(path);
    execFileSync("mkfifo", [path]);
  },
  "rewritten in place": (path, { other }) => rewrite(path, other),
  "rewritten with the same bytes": (path, { own }) => rewrite(path, own),
  grown: (path) => appendFileSync(path, "more"),
  touched: (path) => utimesSync(path, new Date(), new Date()),
  deleted: (path) => rmSync(path),
  "made unreadable": (path) => chmodSync(path, 0o000),
};

/** As editors and downloads do: the path then names another file. */
function replace(path: string, bytes: Uint8Array): void {
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
}

function rewrite(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "r+");
  writeSync(file, bytes, 0, bytes.length, 0);
  closeSync(file);
}
