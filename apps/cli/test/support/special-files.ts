import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createServer } from "node:net";
import { onTestFinished } from "vitest";

/** Systems on which names may contain control characters, and paths may be pipes and sockets. */
export const isPosix: boolean = process.platform !== "win32";

/** Linux accepts any bytes as a name; other systems require UTF-8. */
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

/** Files that this process has open; undefined where the system does not show them. */
export function openFiles(): number | undefined {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : undefined;
}

/** Runs as a user without special rights, because root can read everything. */
export async function asOtherUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

/** Control characters except NUL, bidirectional controls, line separators. */
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

/** Characters that must not reach a terminal; line ends are checked by the caller. */
export function unsafeIn(text: string): string[] {
  return unsafeCharacters.filter((character) => character !== "\n" && text.includes(character));
}
