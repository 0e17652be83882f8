import {
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { openModel } from "../src/index.js";
import { pythonCacheDir } from "../src/node/remote/python-cache.js";
import type { RepoFiles } from "./hub-server.js";
import { contentsOf, writePythonCache } from "./python-cache-files.js";
import { cacheDir, commit, expectOpened, hub, name, repoDir, weights } from "./remote-hub.js";
import { tempDir } from "./temp-dir.js";
import { neededFiles, tinyModel } from "./tiny-model.js";

let python: string;
beforeEach(async () => {
  python = await tempDir();
  vi.stubEnv("HF_HUB_CACHE", python);
});

const all: RepoFiles = tinyModel();
const only = (...paths: readonly string[]): RepoFiles =>
  Object.fromEntries(Object.entries(all).filter(([path]) => paths.includes(path)));
const needed = only(...neededFiles);
/** Files that sentence-transformers looks for and this model does not have. */
const absent = ["adapter_config.json", "added_tokens.json"];
const write = (layout: Partial<Parameters<typeof writePythonCache>[0]>) =>
  writePythonCache({ cacheDir: python, model: name, commit, files: all, ...layout });
const downloads = () => Object.keys(all).filter((path) => hub.downloads(path) > 0);

test.each<[Record<string, string>, string]>([
  [{}, join(homedir(), ".cache", "huggingface", "hub")],
  [{ XDG_CACHE_HOME: "/x" }, resolve("/x/huggingface/hub")],
  [{ XDG_CACHE_HOME: "/x", HF_HOME: "/h" }, resolve("/h/hub")],
  [{ HF_HOME: "/h", HUGGINGFACE_HUB_CACHE: "/old" }, resolve("/old")],
  [{ HF_HOME: "/h", HUGGINGFACE_HUB_CACHE: "/old", HF_HUB_CACHE: "/c" }, resolve("/c")],
  [{ HF_HOME: "", HF_HUB_CACHE: "" }, join(homedir(), ".cache", "huggingface", "hub")],
  [{ HF_HOME: "~/h" }, join(homedir(), "h", "hub")],
  [{ HF_HUB_CACHE: `$A/$${"{B}"}/$C`, A: "/a", B: "b" }, resolve("/a/b/$C")],
])("Python's cache with %j", (env, expected) => {
  expect(pythonCacheDir(env)).toBe(expected);
});

describe("with the hub", () => {
  test("files in Python's cache are not downloaded, and that cache is not changed", async () => {
    const directory = await write({});
    const before = await contentsOf(python);
    const model = await openModel(name, { cacheDir });
    await expectOpened(model);
    expect(model.directory).toBe(join(directory, "snapshots", commit));
    expect(downloads()).toEqual([]);
    expect(await contentsOf(python)).toEqual(before);
    await hub.stop();
    await expectOpened(await openModel(name, { cacheDir, offline: true }));
    expect(await contentsOf(python)).toEqual(before);
  });

  test("only files that Python's cache does not have are downloaded", async () => {
    await write({ files: only(weights, "config.json", "tokenizer.json") });
    await expectOpened(await openModel(name, { cacheDir }));
    expect(downloads()).not.toContain(weights);
    expect(downloads()).toContain("modules.json");
    await hub.stop();
    await expectOpened(await openModel(name, { cacheDir, offline: true }));
  });

  test("a file of another commit is used when its digest is the same", async () => {
    await write({ commit: "1".repeat(40) });
    await expectOpened(await openModel(name, { cacheDir }));
    expect(downloads()).toEqual([]);
  });

  test("regular files are compared with the listing", async () => {
    const directory = await write({ plain: true });
    const place = join(directory, "snapshots", commit, weights);
    await writeFile(place, Buffer.alloc((await readFile(place)).byteLength));
    await expectOpened(await openModel(name, { cacheDir }));
    expect(downloads()).toEqual([weights]);
  });

  test("the file of a damaged blob is downloaded into ripvec's cache", async () => {
    const directory = await write({});
    const link = join(directory, "snapshots", commit, weights);
    const blob = resolve(link, "..", await readlink(link));
    await writeFile(blob, Buffer.alloc((await readFile(blob)).byteLength));
    const before = await contentsOf(python);
    await expectOpened(await openModel(name, { cacheDir }));
    expect(downloads()).toEqual([weights]);
    expect(await contentsOf(python)).toEqual(before);
  });

  test("in a shared folder, Python finds the ref and ripvec the files", async () => {
    const directory = await write({});
    await expectOpened(await openModel(name, { cacheDir: python }));
    expect(downloads()).toEqual([]);
    // huggingface_hub uses the whole text of the file as the commit.
    expect(await readFile(join(directory, "refs", "main"), "utf8")).toBe(commit);
    const next = hub.push(name, { ...all, "config.json": Buffer.from('{"model_type":"bert"}') });
    await openModel(name, { cacheDir: python });
    expect(await readFile(join(directory, "refs", "main"), "utf8")).toBe(next);
  });
});

describe("offline, never opened before", () => {
  const open = () => openModel(name, { cacheDir, offline: true });

  test("a download of the whole repository, listed by Python", async () => {
    await write({ tree: all });
    await expectOpened(await open());
    expect(hub.requests).toEqual([]);
  });

  test("a download of the whole repository by an older version", async () => {
    await write({});
    await expectOpened(await open());
  });

  test("the files that sentence-transformers downloaded and looked for", async () => {
    await write({ files: needed, absent });
    await expectOpened(await open());
  });

  test("regular files", async () => {
    await write({ plain: true });
    await expectOpened(await open());
  });

  test("a branch with a slash", async () => {
    await write({ revision: "refs/pr/1" });
    await expectOpened(await openModel(name, { cacheDir, offline: true, revision: "refs/pr/1" }));
  });

  test("a full commit hash", async () => {
    await write({});
    await expectOpened(await openModel(name, { cacheDir, offline: true, revision: commit }));
  });

  test("a cache of ripvec that cannot be made is not needed", async () => {
    await write({});
    const file = join(cacheDir, "file");
    await writeFile(file, "");
    await expectOpened(await openModel(name, { cacheDir: file, offline: true }));
    await expectOpened(await openModel(name, { cacheDir: file }));
  });

  test.each([
    "modules.json",
    "config_sentence_transformers.json",
    "adapter_config.json",
    "tokenizer.json",
  ])("%s was never requested, so the model may be another one", async (path) => {
    const files = Object.fromEntries(Object.entries(needed).filter(([key]) => key !== path));
    await write({ files, absent: absent.filter((each) => each !== path) });
    await expect(open()).rejects.toMatchObject({
      failure: "offline",
      file: path,
      message: expect.stringMatching(/holds a part of the repository.*hf download owner\/tiny/),
    });
  });

  test("a listing by Python says which file is missing", async () => {
    const directory = await write({ tree: all, files: needed });
    await rm(join(directory, "snapshots", commit, "modules.json"));
    await rm(join(directory, "blobs"), { recursive: true });
    await expect(open()).rejects.toMatchObject({ failure: "offline", file: "modules.json" });
  });

  test.each([
    [
      "does not list an existing file",
      (text: string) => text.replace("modules.json", "nodules.json"),
    ],
    ["is of another version", (text: string) => text.replace('_version": 1', '_version": 2')],
    ["is cut", (text: string) => text.slice(0, 300)],
    ["is a list", () => "[]"],
    ["has no sizes", (text: string) => text.replaceAll('"size"', '"length"')],
  ])("a listing by Python that %s is ignored", async (_, change) => {
    const directory = await write({ tree: all });
    const path = join(directory, "trees", `${commit}.json`);
    await writeFile(path, change(await readFile(path, "utf8")));
    await expectOpened(await open());
  });

  describe("damaged files are refused by name", () => {
    const place = () => join(python, "models--owner--tiny", "snapshots", commit, weights);
    const cases: Record<string, () => Promise<void>> = {
      "other bytes": async () => writeFile(place(), Buffer.alloc(all[weights]?.byteLength ?? 0)),
      cut: () => truncate(place(), 1000),
      "a link to nothing": async () => {
        await rm(place());
        await symlink("../../blobs/none", place());
      },
      "a link to a file outside": async () => {
        await rm(place());
        await writeFile(join(python, "outside"), all[weights] ?? "");
        await symlink(join(python, "outside"), place());
      },
      "a link to itself": async () => {
        await rm(place());
        await symlink("model.safetensors", place());
      },
      "a folder": async () => {
        await rm(place());
        await mkdir(place());
      },
    };
    test.each(Object.keys(cases))("%s", async (kind) => {
      await write({});
      await cases[kind]?.();
      await expect(open()).rejects.toMatchObject({
        message: expect.stringContaining(place()),
        name: expect.stringMatching(/DownloadError|ModelFileError/),
      });
      expect(await readdir(join(repoDir(), "snapshots")).catch(() => [])).toEqual([]);
    });
  });
});
