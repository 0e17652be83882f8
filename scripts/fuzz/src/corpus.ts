import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Entry {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** The inputs in a folder, by name. There are none when the folder does not exist. */
export function readCorpus(folder: string): Entry[] {
  const names = readNames(folder).sort();
  return names.map((file) => ({ file, bytes: readFileSync(join(folder, file)) }));
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Writes an input under the digest of its bytes, and returns the path. */
export function keep(folder: string, bytes: Uint8Array, prefix = ""): string {
  mkdirSync(folder, { recursive: true });
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const path = join(folder, `${prefix}${digest}`);
  writeFileSync(path, bytes);
  return path;
}

export function forget(folder: string, { file }: Entry): void {
  rmSync(join(folder, file));
}
