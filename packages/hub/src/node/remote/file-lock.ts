import { randomUUID } from "node:crypto";
import { link, lstat, mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readTextFile } from "./atomic-file.js";

/** Largest lock file in bytes; a claim is shorter. */
const maxClaimBytes = 10_000;

/** How often a holder touches its lock, and after how long without a touch it counts as dead. */
export const lockTimes = { pollMs: 100, heartbeatMs: 2_000, staleMs: 15_000 };

export interface FileLock {
  release(): Promise<void>;
}

interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called at each poll while another process holds the lock. */
  readonly onWait?: () => Promise<void> | void;
}

/**
 * Waits until this process alone holds the lock file. A lock is taken over when its process no
 * longer runs on this machine, when its file has not been touched for `staleMs`, and when it is not
 * a regular file (a folder, a link). Rejects with the signal's reason, and with the system's error
 * when a dead lock cannot be removed.
 * Two processes can both believe that they hold the lock only when one of them was suspended for
 * longer than `staleMs`. Code under the lock must survive that with no more than wasted work.
 */
export async function acquireLock(path: string, options: LockOptions = {}): Promise<FileLock> {
  await mkdir(dirname(path), { recursive: true });
  const claim = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  const observer = new LockObserver(path);
  for (;;) {
    options.signal?.throwIfAborted();
    if (await tryCreate(path, claim)) return holdLock(path, claim);
    const dead = await observer.deadClaim();
    if (dead) {
      await removeLock(path, dead);
      continue;
    }
    await options.onWait?.();
    await sleep(lockTimes.pollMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

async function tryCreate(path: string, claim: string): Promise<boolean> {
  try {
    await writeFile(path, claim, { flag: "wx" });
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // Windows answers EPERM while the old file is being deleted.
    if (code === "EEXIST" || (code === "EPERM" && process.platform === "win32")) return false;
    throw error;
  }
}

/** Removes a dead lock, and restores it when another process has taken it in the meantime. */
async function removeLock(path: string, dead: Claim): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    // Another process was faster, or has the file open on Windows. The next attempt sees the new
    // state.
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || process.platform === "win32") return;
    throw error;
  }
  try {
    const taken = await readClaim(aside);
    if (taken?.text !== dead.text) await link(aside, path).catch(() => undefined);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

function holdLock(path: string, claim: string): FileLock {
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, lockTimes.heartbeatMs);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      // A lock that cannot be removed becomes stale soon.
      const current = await readTextFile(path, maxClaimBytes);
      if (current === claim) await rm(path, { force: true }).catch(() => undefined);
    },
  };
}

/** The contents of a lock file. */
interface Claim {
  /** Undefined where the file cannot be read, for instance because another user owns it. */
  readonly text: string | undefined;
  readonly isFile: boolean;
  readonly mtimeMs: number;
}

/**
 * Undefined when the lock does not exist. Links are not followed: the target of a link is not a
 * lock.
 */
async function readClaim(path: string): Promise<Claim | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) return undefined;
  const isFile = stats.isFile();
  const text = isFile ? await readTextFile(path, maxClaimBytes) : undefined;
  return { text, isFile, mtimeMs: stats.mtimeMs };
}

/** Observes a lock over several polls, by this process's own clock. */
class LockObserver {
  #seen = "";
  #since = 0;

  constructor(readonly path: string) {}

  /** The state of the lock file when its holder is dead. */
  async deadClaim(): Promise<Claim | undefined> {
    const claim = await readClaim(this.path);
    if (!claim) return undefined;
    const state = `${claim.mtimeMs} ${claim.text}`;
    if (state !== this.#seen) {
      this.#seen = state;
      this.#since = performance.now();
    }
    const isStale = performance.now() - this.#since > lockTimes.staleMs;
    return isStale || !claim.isFile || isOrphan(claim.text ?? "") ? claim : undefined;
  }
}

function isOrphan(claim: string): boolean {
  try {
    const { pid, host } = JSON.parse(claim) as { pid?: unknown; host?: unknown };
    if (host !== hostname() || typeof pid !== "number" || !(pid > 0)) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
