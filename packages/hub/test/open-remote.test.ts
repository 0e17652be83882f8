import { access, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { type DownloadProgress, openModel } from "../src/index.js";
import {
  blobs,
  cacheDir,
  commit,
  expectWorking,
  hub,
  leftovers,
  name,
  repoDir,
  totalBytes,
  weights,
} from "./remote-hub.js";
import { jsonFile, neededFiles, tinyModel } from "./tiny-model.js";

describe("download", () => {
  test("fetches what opening needs, once, and nothing else", async () => {
    const model = await openModel(name, { cacheDir });
    await expectWorking(model);
    expect(model.id).toBe(name);
    expect(model.directory).toBe(join(repoDir(), "snapshots", commit));
    expect(model.prompts.query).toBe("query: ");
    for (const path of neededFiles) expect(hub.downloads(path), path).toBe(1);
    const others = Object.keys(tinyModel()).filter((path) => !neededFiles.includes(path));
    for (const path of others) expect(hub.downloads(path), path).toBe(0);
    expect(await leftovers()).toEqual([]);

    const before = hub.requests.length;
    await expectWorking(await openModel(name, { cacheDir }));
    expect(hub.requests.length - before).toBe(1);
  });

  test("refuses a file with another digest than the app requires", async () => {
    const digest = await (await openModel(name, { cacheDir })).weights.hash();
    const pinned = (sha256: string) => openModel(name, { cacheDir, sha256: { [weights]: sha256 } });
    await expectWorking(await pinned(digest));
    const other = "0".repeat(64);
    await expect(pinned(other)).rejects.toThrow(
      `has SHA-256 ${digest} instead of the required ${other}`,
    );
  });

  test("reports progress that never decreases and ends complete", async () => {
    hub.faults.set(weights, { cutAfter: { bytes: 100_000, times: 1 } });
    const events: DownloadProgress[] = [];
    await openModel(name, { cacheDir, onProgress: (event) => events.push(event) });
    const loaded = events.filter(({ file }) => file === weights).map((event) => event.loaded);
    expect(loaded[0]).toBe(0);
    expect(loaded.at(-1)).toBe(totalBytes);
    expect(loaded.every((value, i) => i === 0 || value > (loaded[i - 1] ?? 0))).toBe(true);
    expect(new Set(events.map(({ file }) => file))).toEqual(new Set(neededFiles));
    expect(events.every(({ total, file }) => total === tinyModel()[file]?.byteLength)).toBe(true);
  });

  test("reads listings in pages and keeps ids without owner", async () => {
    hub.listingPageSize = 3;
    hub.push("tiny", tinyModel());
    await expectWorking(await openModel("tiny", { cacheDir }));
  });

  test("sends the token to the hub and to no other server", async () => {
    hub.tokens.set(name, "hf_secret");
    vi.stubEnv("HF_TOKEN", "hf_secret");
    await expectWorking(await openModel(name, { cacheDir }));
    expect(hub.requests.every(({ authorization }) => authorization === "Bearer hf_secret")).toBe(
      true,
    );
    expect(hub.storageRequests.length).toBeGreaterThan(0);
    expect(hub.storageRequests.every(({ authorization }) => authorization === undefined)).toBe(
      true,
    );
  });
});

describe("broken connections", () => {
  test("are resumed where they stopped", async () => {
    hub.faults.set(weights, { cutAfter: { bytes: 70_000, times: 2 } });
    await expectWorking(await openModel(name, { cacheDir }));
    const ranges = hub.storageRequests
      .filter(({ path }) => path.endsWith(`/${commit}/${weights}`))
      .map(({ range }) => range);
    expect(ranges.length).toBe(3);
    expect(ranges[0]).toBeUndefined();
    expect(ranges.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range ?? ""))).toBe(true);
  });

  test("a server without ranges is asked for the whole file again", async () => {
    hub.faults.set(weights, { cutAfter: { bytes: 70_000, times: 1 }, noRanges: true });
    await expectWorking(await openModel(name, { cacheDir }));
  });

  test("that bring nothing end in an error, and the next opening resumes the download", async () => {
    hub.faults.set(weights, { cutAfter: { bytes: 90_000, times: 1 } });
    const original = openModel(name, {
      cacheDir,
      onProgress: ({ file, loaded }) => {
        if (file === weights && loaded > 0 && loaded < totalBytes)
          hub.faults.set(weights, { cutAfter: { bytes: 0, times: 99 } });
      },
    });
    await expect(original).rejects.toMatchObject({
      code: "DOWNLOAD",
      failure: "network",
      file: weights,
    });
    await expect(access(join(repoDir(), "snapshots", commit, weights))).rejects.toThrow();
    const partial = (await blobs()).filter((file) => file.endsWith(".partial"));
    expect(partial.length).toBe(1);
    const have = (await stat(join(repoDir(), "blobs", partial[0] ?? ""))).size;
    expect(have).toBeGreaterThan(0);

    hub.faults.clear();
    hub.storageRequests.length = 0;
    await expectWorking(await openModel(name, { cacheDir }));
    expect(hub.storageRequests[0]?.range).toBe(`bytes=${have}-`);
    expect(await leftovers()).toEqual([]);
  });

  test("a request with a server error is retried, then the status is reported", async () => {
    hub.faults.set(weights, { status: { code: 503, times: 1 } });
    await expectWorking(await openModel(name, { cacheDir }));
    hub.push(name, { ...tinyModel(), "config.json": jsonFile({ model_type: "bert" }) });
    hub.faults.set("config.json", { status: { code: 503, times: 99 } });
    await expect(openModel(name, { cacheDir })).rejects.toMatchObject({
      failure: "network",
      status: 503,
      file: "config.json",
    });
  });
});

describe("wrong contents never get the file's final name", () => {
  const sameSize = () => {
    const body = Uint8Array.from(tinyModel()[weights] ?? []);
    body[totalBytes - 1] = 99;
    return body;
  };

  test.each([
    ["LFS file", weights, () => sameSize()],
    [
      "small file",
      "config.json",
      () =>
        Buffer.from(String.fromCharCode(32).repeat(tinyModel()["config.json"]?.byteLength ?? 0)),
    ],
    ["too long", weights, () => Buffer.concat([tinyModel()[weights] ?? Buffer.of(), Buffer.of(0)])],
    ["too short", weights, () => Buffer.from(tinyModel()[weights]?.subarray(0, 1000) ?? [])],
  ])("%s", async (_, path, body) => {
    hub.faults.set(path, { instead: { body: body(), times: 99 } });
    await expect(openModel(name, { cacheDir })).rejects.toMatchObject({
      code: "DOWNLOAD",
      file: path,
    });
    await expect(access(join(repoDir(), "snapshots", commit, path))).rejects.toThrow();
    hub.faults.clear();
    await expectWorking(await openModel(name, { cacheDir }));
  });

  test("a damaged beginning from an earlier attempt is discarded", async () => {
    await openModel(name, { cacheDir });
    const [blob = ""] = await Promise.all(
      (await blobs()).map(async (file) =>
        (await stat(join(repoDir(), "blobs", file))).size === totalBytes ? file : "",
      ),
    ).then((files) => files.filter((file) => file !== ""));
    await rm(join(repoDir(), "blobs", blob));
    await rm(join(repoDir(), "snapshots", commit, weights));
    await writeFile(join(repoDir(), "blobs", `${blob}.partial`), Buffer.alloc(200_000, 7));
    const loaded: number[] = [];
    const onProgress = (event: DownloadProgress) => loaded.push(event.loaded);
    await expectWorking(await openModel(name, { cacheDir, onProgress }));
    expect(loaded[0]).toBe(200_000);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
  });

  test("a cached file of the wrong size is downloaded again", async () => {
    const { directory } = await openModel(name, { cacheDir });
    await truncate(join(directory, weights), 1000);
    await expect(openModel(name, { cacheDir, offline: true })).rejects.toMatchObject({
      failure: "integrity",
      file: weights,
    });
    await expectWorking(await openModel(name, { cacheDir }));
  });
});

describe("revisions", () => {
  test("follow the branch, and unchanged files are not downloaded again", async () => {
    await openModel(name, { cacheDir });
    const next = hub.push(name, {
      ...tinyModel(),
      "config.json": jsonFile({ model_type: "bert", hidden_size: 9 }),
    });
    const model = await openModel(name, { cacheDir });
    expect(model.directory).toContain(next);
    expect(model.config.hidden_size).toBe(9);
    expect(hub.downloads(weights)).toBe(1);
    const pinned = await openModel(name, { cacheDir, revision: commit });
    expect(pinned.config.hidden_size).toBe(8);
  });

  test("a complete commit costs no request", async () => {
    await openModel(name, { cacheDir, revision: commit });
    await hub.stop();
    await expectWorking(await openModel(name, { cacheDir, revision: commit }));
  });

  test("branches with a slash", async () => {
    hub.push(
      name,
      { ...tinyModel(), "config.json": jsonFile({ model_type: "other" }) },
      "refs/pr/1",
    );
    const model = await openModel(name, { cacheDir, revision: "refs/pr/1" });
    expect(model.config.model_type).toBe("other");
    const again = await openModel(name, { cacheDir, revision: "refs/pr/1", offline: true });
    expect(again.config.model_type).toBe("other");
  });

  test.each(["../main", "a b", "", "x/../y", "a//b"])("%j is refused", async (revision) => {
    await expect(openModel(name, { cacheDir, revision })).rejects.toMatchObject({ code: "INPUT" });
  });
});

describe("offline", () => {
  test("after a download, no request is sent", async () => {
    await openModel(name, { cacheDir });
    await hub.stop();
    await expectWorking(await openModel(name, { cacheDir, offline: true }));
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    await expectWorking(await openModel(name, { cacheDir }));
  });

  test("without a cached model, the error says so", async () => {
    await expect(openModel(name, { cacheDir, offline: true })).rejects.toMatchObject({
      code: "DOWNLOAD",
      failure: "offline",
      message: expect.stringContaining(repoDir()),
    });
    expect(hub.requests).toEqual([]);
  });

  test("the error names the missing file", async () => {
    await openModel(name, { cacheDir });
    await rm(join(repoDir(), "blobs"), { recursive: true });
    await rm(join(repoDir(), "snapshots", commit, "tokenizer.json"));
    await expect(openModel(name, { cacheDir, offline: true })).rejects.toMatchObject({
      failure: "offline",
      file: "tokenizer.json",
    });
  });

  test("without network, opening is an error that names the remedy, not a silent fallback", async () => {
    const first = openModel(name, { cacheDir });
    await first;
    await hub.stop();
    await expect(openModel(name, { cacheDir })).rejects.toMatchObject({
      failure: "network",
      message: expect.stringMatching(/^owner\/tiny: cannot reach .*ECONNREFUSED.*offline: true/),
    });
    await expect(openModel("owner/other", { cacheDir })).rejects.toMatchObject({
      failure: "network",
      message: expect.stringMatching(
        /^(?!.*offline).*cannot reach 127\.0\.0\.1:\d+: .*local directory/,
      ),
    });
  });

  test("a half-finished new commit does not hide the complete old one", async () => {
    await openModel(name, { cacheDir });
    hub.push(name, { ...tinyModel(), "config.json": jsonFile({ model_type: "new" }) });
    hub.faults.set("config.json", { status: { code: 403, times: 99 } });
    await expect(openModel(name, { cacheDir })).rejects.toMatchObject({ failure: "access" });
    await expectWorking(await openModel(name, { cacheDir, offline: true }));
  });
});

describe("abort", () => {
  test("ends a slow download within a second and keeps what arrived", async () => {
    hub.faults.set(weights, { slow: { stepBytes: 20_000, pauseMs: 50 } });
    const controller = new AbortController();
    let abortedAt = 0;
    const opening = openModel(name, {
      cacheDir,
      signal: controller.signal,
      onProgress: ({ file, loaded }) => {
        if (file !== weights || loaded < 40_000 || abortedAt > 0) return;
        abortedAt = performance.now();
        controller.abort(new Error("enough"));
      },
    });
    await expect(opening).rejects.toThrow("enough");
    expect(performance.now() - abortedAt).toBeLessThan(1000);
    expect((await leftovers()).filter((path) => !path.endsWith(".partial"))).toEqual([]);

    hub.faults.clear();
    hub.storageRequests.length = 0;
    await expectWorking(await openModel(name, { cacheDir }));
    expect(hub.storageRequests[0]?.range).toMatch(/^bytes=[1-9]/);
  });

  test("before the start sends no request", async () => {
    const opening = openModel(name, { cacheDir, signal: AbortSignal.abort(new Error("never")) });
    await expect(opening).rejects.toThrow("never");
    expect(hub.requests).toEqual([]);
  });
});
