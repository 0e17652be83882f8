import { randomUUID } from "node:crypto";
import { link, lstat, mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readTextFile } from "./whole-file.js";

/** Bytes of a lock file; a claim has fewer. */
const maxClaimBytes = 10_000;

/** How often a holder shows that it lives, and after how long without such a sign it is taken for dead. */
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
 * Waits until this process alone holds the lock file. A lock whose process is gone from this machine,
 * or whose file has not been touched for `staleMs`, is taken over, and so is what is no file (a folder, a link).
 * Rejects with the signal's reason, and with the system's error when a dead lock cannot be taken away.
 *
 * Two processes can both believe to hold it only when one slept past `staleMs`; what the lock guards
 * must survive that with no more than wasted work.
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

/** Takes a dead lock away, and puts it back when meanwhile another process has made it its own. */
async function removeLock(path: string, dead: Claim): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    // Somebody else was faster, or has the file open on Windows; the next attempt shows how it stands.
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
      // What cannot be removed any more is stale soon.
      const current = await readTextFile(path, maxClaimBytes);
      if (current === claim) await rm(path, { force: true }).catch(() => undefined);
    },
  };
}

/** What a lock file says of its holder. */
interface Claim {
  /** Undefined where the file cannot be read, as that of another user. */
  readonly text: string | undefined;
  readonly isFile: boolean;
  readonly mtimeMs: number;
}

/** Undefined when there is no lock. Links are not followed: what they point to is no lock. */
async function readClaim(path: string): Promise<Claim | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) return undefined;
  const isFile = stats.isFile();
  const text = isFile ? await readTextFile(path, maxClaimBytes) : undefined;
  return { text, isFile, mtimeMs: stats.mtimeMs };
}

/** Watches a lock over several polls, by this process's own clock. */
class LockObserver {
  #seen = "";
  #since = 0;

  constructor(readonly path: string) {}

  /** What stands in place of the lock, when its holder is dead. */
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
