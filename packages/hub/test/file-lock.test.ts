import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { acquireLock, lockTimes } from "../src/node/remote/file-lock.js";
import { tempDir } from "./temp-dir.js";

const times = { ...lockTimes };
afterEach(() => Object.assign(lockTimes, times));

const elsewhere = JSON.stringify({ pid: 1, host: "another.machine", id: "x" });

test("there is one holder at a time, and the last one removes the file", async () => {
  const path = join(await tempDir(), "sub", "lock");
  let holders = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const lock = await acquireLock(path);
      holders += 1;
      most = Math.max(most, holders);
      await new Promise((done) => setTimeout(done, 5));
      holders -= 1;
      await lock.release();
      await lock.release();
    }),
  );
  expect(most).toBe(1);
  expect(await readdir(join(path, ".."))).toEqual([]);
});

test("waiting can be aborted", async () => {
  const path = join(await tempDir(), "lock");
  const lock = await acquireLock(path);
  const controller = new AbortController();
  let polls = 0;
  const waiting = acquireLock(path, {
    signal: controller.signal,
    onWait: () => {
      polls += 1;
      controller.abort(new Error("enough"));
    },
  });
  await expect(waiting).rejects.toThrow("enough");
  expect(polls).toBe(1);
  await lock.release();
});

test("a lock of another machine is taken over once it is stale", async () => {
  Object.assign(lockTimes, { pollMs: 10, staleMs: 150 });
  const path = join(await tempDir(), "lock");
  await writeFile(path, elsewhere);
  const started = performance.now();
  const lock = await acquireLock(path);
  expect(performance.now() - started).toBeGreaterThan(140);
  await lock.release();
});

test("a running holder keeps its lock", async () => {
  Object.assign(lockTimes, { pollMs: 10, heartbeatMs: 30, staleMs: 400 });
  const path = join(await tempDir(), "lock");
  const lock = await acquireLock(path);
  const waiting = acquireLock(path);
  const winner = await Promise.race([
    waiting.then(() => "taken"),
    new Promise((done) => setTimeout(() => done("kept"), 900)),
  ]);
  expect(winner).toBe("kept");
  await lock.release();
  await (await waiting).release();
});

test("releasing does not remove a lock that another process has taken", async () => {
  const path = join(await tempDir(), "lock");
  const lock = await acquireLock(path);
  await writeFile(path, elsewhere);
  await lock.release();
  expect(await readdir(join(path, ".."))).toEqual(["lock"]);
});

describe("a lock that no running process holds is removed", () => {
  const unreadable = async (path: string) => {
    await writeFile(path, elsewhere);
    await chmod(path, 0);
  };
  test.each<[string, (path: string) => unknown]>([
    ["a folder", (path) => mkdir(path)],
    ["a folder with files", (path) => mkdir(join(path, "inner"), { recursive: true })],
    ["a link to nothing", (path) => symlink("nothing", path)],
    ["a link to a device", (path) => symlink("/dev/zero", path)],
    ["a FIFO", (path) => process.platform !== "win32" && execFileSync("mkfifo", [path])],
  ])("%s, at once", async (_, make) => {
    const path = join(await tempDir(), "lock");
    await make(path);
    const lock = await acquireLock(path, { signal: AbortSignal.timeout(10_000) });
    await lock.release();
    expect(await readdir(join(path, ".."))).toEqual([]);
  });

  test.each<[string, (path: string) => unknown]>([
    ["an empty file", (path) => writeFile(path, "")],
    ["a file of something else", (path) => writeFile(path, "\0".repeat(20_000))],
    ["a file that cannot be read", unreadable],
    [
      "a file from the future",
      async (path) => {
        await writeFile(path, elsewhere);
        await utimes(path, 4e9, 4e9);
      },
    ],
  ])("%s, once it is stale", async (_, make) => {
    Object.assign(lockTimes, { pollMs: 10, staleMs: 100 });
    const path = join(await tempDir(), "lock");
    await make(path);
    const lock = await acquireLock(path, { signal: AbortSignal.timeout(10_000) });
    await lock.release();
    expect(await readdir(join(path, ".."))).toEqual([]);
  });
});
