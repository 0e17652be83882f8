import { chmod, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { openModel } from "../src/index.js";
import { HubServer } from "./hub-server.js";
import { cacheDir, commit, expectOpened, expectWorking, hub, name, repoDir } from "./remote-hub.js";
import { jsonFile, tinyModel } from "./tiny-model.js";

describe("refusals", () => {
  test("no such model, no such revision", async () => {
    await expect(openModel("owner/none", { cacheDir })).rejects.toMatchObject({
      failure: "not-found",
      status: 404,
      message: expect.stringMatching(/no such model.*local directory/),
    });
    await expect(openModel(name, { cacheDir, revision: "none" })).rejects.toMatchObject({
      failure: "not-found",
      message: expect.stringContaining('no revision "none"'),
    });
  });

  test("a gated model without token", async () => {
    hub.tokens.set(name, "hf_secret");
    await expect(openModel(name, { cacheDir })).rejects.toMatchObject({
      failure: "access",
      status: 401,
      message: expect.stringMatching(/Accept its terms at .*HF_TOKEN/),
    });
  });

  test("a cache that cannot be created is an error that names it, its setting and the remedy", async () => {
    const file = join(cacheDir, "file");
    await writeFile(file, "");
    const cannot = (dir: string, saidBy: string) => ({
      failure: "cache",
      message: expect.stringMatching(
        new RegExp(`cache .*${dir} \\(${saidBy}\\) cannot be used: ENOTDIR.* Set RIPVEC_CACHE`),
      ),
    });
    await expect(openModel(name, { cacheDir: file })).rejects.toMatchObject(
      cannot("file", "the option cacheDir"),
    );
    vi.stubEnv("XDG_CACHE_HOME", file);
    await expect(openModel(name)).rejects.toMatchObject(cannot("ripvec", "XDG_CACHE_HOME"));
    vi.stubEnv("RIPVEC_CACHE", join(file, "own"));
    await expect(openModel(name)).rejects.toMatchObject(cannot("own", "RIPVEC_CACHE"));
  });

  test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "a cache that holds every file is not written to, so it may be read-only",
    async () => {
      await openModel(name, { cacheDir });
      const paths = [repoDir(), ...(await readdir(repoDir(), { recursive: true }))];
      const folders = ["", "refs", "listings", "blobs", "snapshots", join("snapshots", commit)];
      await Promise.all(folders.map((path) => chmod(join(repoDir(), path), 0o555)));
      try {
        hub.push(name, tinyModel(), "another-name");
        await expectWorking(await openModel(name, { cacheDir }));
        await expectWorking(await openModel(name, { cacheDir, offline: true }));
        await expectOpened(await openModel(name, { cacheDir, revision: "another-name" }));
        hub.push(name, { ...tinyModel(), "modules.json": jsonFile([]) });
        await expect(openModel(name, { cacheDir })).rejects.toMatchObject({ failure: "cache" });
        expect([repoDir(), ...(await readdir(repoDir(), { recursive: true }))]).toEqual(paths);
      } finally {
        await Promise.all(folders.map((path) => chmod(join(repoDir(), path), 0o755)));
      }
    },
  );

  test.each([
    ["HF_TOKEN", "two words"],
    ["HF_ENDPOINT", "ftp://127.0.0.1"],
    ["HF_HUB_DOWNLOAD_TIMEOUT", "soon"],
    ["HTTPS_PROXY", "socks5://127.0.0.1:1080"],
  ])("an invalid %s", async (variable, value) => {
    vi.stubEnv(variable, value);
    await expect(openModel(name, { cacheDir })).rejects.toMatchObject({
      code: "INPUT",
      message: expect.stringContaining(variable),
    });
    expect(hub.requests).toEqual([]);
  });

  test.each([
    "../../escape",
    "/etc/passwd",
    "a/../../b",
    "c:\\x",
    "runs/12:30/log",
    "a\0b",
    "\ud800",
  ])("a file that is listed as %j does not belong to the model", async (path) => {
    hub.editListing = (entries) => [
      ...entries,
      { type: "file", path, size: 1, oid: "0".repeat(40) },
    ];
    await expectWorking(await openModel(name, { cacheDir }));
    const modules = [
      { path: "", type: "sentence_transformers.models.Transformer" },
      { path, type: "sentence_transformers.models.Dense" },
    ];
    const commit = hub.push(name, { ...tinyModel(), "modules.json": jsonFile(modules) });
    const opening = openModel(name, { cacheDir, revision: commit });
    await expect(opening).rejects.toMatchObject({ code: "MODEL_FILE" });
    expect(hub.downloads(path)).toBe(0);
  });

  test("a file whose name has three million letters", async () => {
    const path = "x".repeat(3_000_000);
    hub.editListing = (entries) => [
      ...entries,
      { type: "file", path, size: 1, oid: "0".repeat(40) },
    ];
    await expectWorking(await openModel(name, { cacheDir }));
    const { size } = await stat(join(repoDir(), "listings", commit));
    expect(size).toBeLessThan(10_000);
  });

  test.each([{ oid: "../../x" }, { size: -1 }, { size: "1" }, { oid: undefined }])(
    "a listing with %j",
    async (change) => {
      hub.editListing = (entries) => [
        ...entries,
        { type: "file", path: "x", size: 1, oid: "0".repeat(40), ...change },
      ];
      await expect(openModel(name, { cacheDir })).rejects.toMatchObject({ failure: "integrity" });
    },
  );

  test("a listing that continues on another server", async () => {
    hub.tokens.set(name, "hf_secret");
    vi.stubEnv("HF_TOKEN", "hf_secret");
    const other = await HubServer.start();
    try {
      hub.listingPageSize = 3;
      hub.nextPage = (url) => url.replace(hub.url, other.url);
      await expect(openModel(name, { cacheDir })).rejects.toMatchObject({ failure: "integrity" });
      expect(other.requests).toEqual([]);
    } finally {
      await other.stop();
    }
  });
});
