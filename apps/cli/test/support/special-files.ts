import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createServer } from "node:net";
import { onTestFinished } from "vitest";

/** Systems where names may hold control characters, and files may be pipes and sockets. */
export const isPosix: boolean = process.platform !== "win32";

/** Linux takes any bytes as a name; others want UTF-8. */
export const takesAnyName: boolean = process.platform === "linux";

export const hasGit: boolean = spawnSync("git", ["--version"]).status === 0;

export function makePipe(path: string): void {
  execFileSync("sh", ["-c", 'mkfifo "$0"', path]);
}

/** A socket that listens until the test ends. */
export async function makeSocket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
}

/** Files that this process has open; undefined where the system does not tell. */
export function openFiles(): number | undefined {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : undefined;
}

/** Runs as a user who may read no more than others may: root reads everything. */
export async function asOtherUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

/** Control characters but NUL, bidirectional controls, line separators. */
export const unsafeCharacters: readonly string[] = [
  ...range(0x01, 0x1f),
  ...range(0x7f, 0x9f),
  0x61c,
  0x200e,
  0x200f,
  ...range(0x2028, 0x202e),
  ...range(0x2066, 0x2069),
].map((code) => String.fromCharCode(code));

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** What must not reach a terminal; line ends are left to the caller. */
export function unsafeIn(text: string): string[] {
  return unsafeCharacters.filter((character) => character !== "\n" && text.includes(character));
}
