import { execFileSync } from "node:child_process";
import {
  appendFile,
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { basename, join } from "node:path";
import { isRipvecError } from "@ripvec/core";
import { beforeEach, describe, expect, test } from "vitest";
import { openModel } from "../src/index.js";
import {
  cacheDir,
  commit,
  expectOpened,
  expectWorking,
  hub,
  leftovers,
  name,
  repoDir,
} from "./remote-hub.js";
import { tempDir } from "./temp-dir.js";

/** Replaces the file, so that its other hard links keep their contents. */
const replaced = (make: (path: string) => Promise<unknown>) => async (path: string) => {
  await rm(path, { recursive: true, force: true });
  await make(path);
};
const flipped = (bytes: Buffer) => bytes.map((byte) => byte ^ 1);

const damages: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  zeroed: async (path) => writeFile(path, Buffer.alloc((await stat(path)).size)),
  cut: async (path) => truncate(path, Math.floor((await stat(path)).size / 2)),
  emptied: (path) => truncate(path, 0),
  grown: (path) => appendFile(path, " "),
  "other bytes of the same size": async (path) => writeFile(path, flipped(await readFile(path))),
  deleted: (path) => rm(path),
  "a folder": replaced((path) => mkdir(path)),
  "a folder with files": replaced((path) => mkdir(join(path, "inner"), { recursive: true })),
  "a link to nothing": replaced((path) => symlink("nothing", path)),
  "a link to itself": replaced((path) => symlink(basename(path), path)),
  "a link to a device": replaced((path) => symlink("/dev/zero", path)),
};
const posix = process.platform !== "win32";
const damagesOfPosix: typeof damages = {
  "a FIFO": replaced(async (path) => execFileSync("mkfifo", [path])),
  unreadable: (path) => chmod(path, 0),
};
const kinds = { ...damages, ...(posix && damagesOfPosix) };

beforeEach(async () => {
  await openModel(name, { cacheDir });
});

/** One name of each kind; the others use the same code. */
const paths = ["model.safetensors", "tokenizer.json", "modules.json", "1_Pooling/config.json"];

/**
 * In a copy of the cache, a file and its blob are separate, because hard links are not preserved.
 */
async function copyOfCache(): Promise<{ cache: string; repo: string; place: Place }> {
  const cache = await tempDir();
  await cp(cacheDir, cache, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  const repo = join(cache, basename(repoDir()));
  return { cache, repo, place: (path) => join(repo, "snapshots", commit, path) };
}

type Place = (path: string) => string;

/** Opens the model. The result must be right, or an error of ripvec. */
async function openOr(cache: string, offline: boolean): Promise<"right" | string> {
  try {
    await expectOpened(await openModel(name, { cacheDir: cache, offline }));
    return "right";
  } catch (error) {
    if (!isRipvecError(error)) throw error;
    return error.message;
  }
}

async function blobOf(repo: string, path: string): Promise<string> {
  const bytes = await readFile(path);
  const blobs = (await readdir(join(repo, "blobs"))).map((blob) => join(repo, "blobs", blob));
  const same = await Promise.all(blobs.map(async (blob) => (await readFile(blob)).equals(bytes)));
  return blobs[same.indexOf(true)] ?? "";
}

describe.each(Object.keys(kinds))("a cached file is %s", (kind) => {
  const damage = kinds[kind] ?? (() => Promise.reject(new Error("no such damage")));

  test("and its blob is intact: the blob is used", async () => {
    const { cache, place } = await copyOfCache();
    for (const path of paths) {
      await damage(place(path));
      expect(await openOr(cache, true), path).toBe("right");
    }
    await expectWorking(await openModel(name, { cacheDir: cache, offline: true }));
  });

  test("and so is its blob: it is downloaded again, or refused by name when offline", async () => {
    const { cache, repo, place } = await copyOfCache();
    for (const path of paths) {
      const blob = await blobOf(repo, place(path));
      await damage(place(path));
      await damage(blob);
      const said = await openOr(cache, true);
      // The superuser can read everything.
      if (kind !== "unreadable" || process.getuid?.() !== 0) expect(said).toContain(path);
      expect(await openOr(cache, false), path).toBe("right");
    }
    await expectWorking(await openModel(name, { cacheDir: cache, offline: true }));
  });

  test("in the cache's own records: the model still opens with the hub", async () => {
    const { cache, repo } = await copyOfCache();
    for (const path of ["verified.json", join("refs", "main"), join("listings", commit)]) {
      await damage(join(repo, path));
      const said = await openOr(cache, true);
      if (said !== "right") expect(said).toMatch(/neither in the cache/);
      expect(await openOr(cache, false), path).toBe("right");
      expect(await openOr(cache, true), path).toBe("right");
    }
  });
});

test("concurrent openings that find the same damage download the file once", async () => {
  const { cache, repo, place } = await copyOfCache();
  const weights = "model.safetensors";
  const blob = await blobOf(repo, place(weights));
  for (const path of [place(weights), blob]) await damages.zeroed?.(path);
  const before = hub.downloads(weights);
  const opened = await Promise.all(Array.from({ length: 4 }, () => openOr(cache, false)));
  expect(opened).toEqual(["right", "right", "right", "right"]);
  expect(hub.downloads(weights)).toBe(before + 1);
  expect((await readdir(join(repo, "blobs"))).filter((name) => name.includes("."))).toEqual([]);
});

test("a listing with one wrong letter is ignored, because the model would be read without its modules", async () => {
  const listing = join(repoDir(), "listings", commit);
  await writeFile(
    listing,
    (await readFile(listing, "utf8")).replace("modules.json", "nodules.json"),
  );
  expect(await openOr(cacheDir, true)).toMatch(/neither in the cache/);
  expect(await openOr(cacheDir, false)).toBe("right");
});

test.each(["a FIFO", "a folder with files", "a link to nothing", "a link to a device"])(
  "%s in place of an unfinished download or its lock",
  async (kind) => {
    if (!posix && kind === "a FIFO") return;
    const blobDir = join(repoDir(), "blobs");
    const blobs = await readdir(blobDir);
    await rm(repoDir(), { recursive: true });
    await mkdir(blobDir, { recursive: true });
    for (const blob of blobs) {
      await kinds[kind]?.(join(blobDir, `${blob}.partial`));
      await kinds[kind]?.(join(blobDir, `${blob}.lock`));
    }
    await expectWorking(await openModel(name, { cacheDir }));
    expect(await leftovers()).toEqual([]);
  },
);

test.each(["blobs", "refs", "listings", "snapshots"])(
  "a file in place of the folder %s gives the right model or an error of the cache",
  async (folder) => {
    await rm(join(repoDir(), folder), { recursive: true });
    await writeFile(join(repoDir(), folder), "");
    const said = await openOr(cacheDir, false);
    if (said !== "right") expect(said).toContain(cacheDir);
    expect(hub.requests.length).toBeGreaterThan(0);
  },
);
