import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import { type DownloadProgress, openModel } from "../../src/browser.js";
import { commit, hub, name, totalBytes, weights } from "../remote-hub.js";
import { jsonFile, neededFiles, tinyModel } from "../tiny-model.js";
import { caches, expectWorking, onWarning, warnings } from "./tiny-directory.js";

const open = (options: Parameters<typeof openModel>[1] = {}) =>
  openModel(name, { endpoint: hub.url, onWarning, ...options });
const sha256 = (body: Uint8Array = new Uint8Array()) =>
  createHash("sha256").update(body).digest("hex");
const requests = () => hub.requests.length + hub.storageRequests.length;

describe("a model of the hub", () => {
  test("fetches what opening needs, once, and nothing else", async () => {
    const events: DownloadProgress[] = [];
    const model = await open({ onProgress: (event) => events.push(event) });
    expectWorking(model);
    expect(model.id).toBe(name);
    expect(model.directory).toBe(`${hub.url}/${name}/resolve/${commit}/`);
    for (const path of neededFiles) expect(hub.downloads(path), path).toBe(1);
    expect(new Set(events.map(({ file }) => file))).toEqual(new Set(neededFiles));
    expect(events.every(({ file, total }) => total === tinyModel()[file]?.byteLength)).toBe(true);
    expect(warnings).toEqual([]);

    const before = requests();
    expectWorking(await open());
    expect(requests() - before).toBe(1);
  });

  test("a commit that is cached costs no request", async () => {
    await open({ revision: commit });
    const before = requests();
    expectWorking(await open({ revision: commit }));
    expect(requests()).toBe(before);
  });

  test("a new commit fetches what changed", async () => {
    await open();
    hub.push(name, { ...tinyModel(), "config.json": jsonFile({ model_type: "next" }) });
    expect((await open()).config.model_type).toBe("next");
    expect(hub.downloads(weights)).toBe(1);
    expect((await open({ revision: commit })).config.model_type).toBe("bert");
    expect(hub.downloads(weights)).toBe(1);
  });

  test("continues where a connection broke", async () => {
    hub.faults.set(weights, { cutAfter: { bytes: 70_000, times: 2 } });
    expectWorking(await open());
    const ranges = hub.storageRequests
      .filter(({ path }) => path.endsWith(`/${commit}/${weights}`))
      .map(({ range }) => range);
    expect(ranges.length).toBe(3);
    expect(ranges.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range ?? ""))).toBe(true);
  });

  test("accepts files that another origin compresses without saying so", async () => {
    const body = tinyModel()[weights] ?? new Uint8Array();
    hub.misbehave = (duty, { path }, response) => {
      if (duty !== "storage" || !path.endsWith(`/${weights}`) || path.includes("Dense"))
        return false;
      response.writeHead(200, { "Content-Encoding": "gzip" });
      response.end(gzipSync(body));
      return true;
    };
    const real = fetch;
    vi.stubGlobal("fetch", async (...request: Parameters<typeof fetch>) => {
      const response = await real(...request);
      // Answers as a page of another origin sees them: with the length of the sent body, but not
      // its encoding.
      const headers = new Headers(response.headers);
      if (headers.get("Content-Encoding") === "gzip") headers.set("Content-Length", "1234");
      headers.delete("Content-Encoding");
      Object.defineProperty(response, "headers", { value: headers });
      return response;
    });
    expectWorking(await open());
  });

  test("sends the token to the hub and to no other server", async () => {
    hub.tokens.set(name, "hf_secret");
    await expect(open()).rejects.toMatchObject({
      failure: "access",
      message: expect.stringContaining("set the option token"),
    });
    expectWorking(await open({ token: "hf_secret" }));
    expect(hub.storageRequests.some(({ authorization }) => authorization !== undefined)).toBe(
      false,
    );
  });
});

describe("wrong contents are never stored in the cache", () => {
  test.each([
    ["LFS file", weights],
    ["small file", "config.json"],
  ])("%s", async (_, path) => {
    const body = Uint8Array.from(tinyModel()[path] ?? []);
    body[body.byteLength - 1] = 10;
    hub.faults.set(path, { instead: { body, times: 99 } });
    await expect(open()).rejects.toMatchObject({ failure: "integrity", file: path });
    const wrong = sha256(body);
    expect(caches.entries().some(([, { bytes }]) => sha256(bytes) === wrong)).toBe(false);
    hub.faults.clear();
    expectWorking(await open());
  });

  test("nor those that the caller did not name", async () => {
    const right = {
      [weights]: sha256(tinyModel()[weights]),
      "config.json": sha256(tinyModel()["config.json"]),
    };
    expectWorking(await open({ sha256: right }));
    const wrong = { "config.json": "0".repeat(64) };
    await expect(open({ sha256: wrong })).rejects.toMatchObject({
      failure: "integrity",
      file: "config.json",
    });
  });

  test("of a missing file are refused", async () => {
    await expect(open({ sha256: { "model.safetensor": "0".repeat(64) } })).rejects.toMatchObject({
      code: "MODEL_FILE",
      message: expect.stringMatching(
        /model\.safetensor: is missing; a file of SHA-256 0{64} is required/,
      ),
    });
    expect(hub.downloads("config.json")).toBe(0);
  });

  test("a damaged entry is downloaded again, from the hub or its storage", async () => {
    await open({ revision: commit });
    for (const [, entry] of caches.entries()) entry.bytes = entry.bytes.subarray(1);
    expectWorking(await open({ revision: commit }));
    expect(hub.downloads(weights)).toBe(2);
    expect(warnings.every(({ problem }) => problem === "damaged")).toBe(true);
    expect(warnings.length).toBe(neededFiles.length + 1);
  });
});

describe("refusals", () => {
  test("no such model, no such revision, no commit", async () => {
    await expect(openModel("owner/none", { endpoint: hub.url })).rejects.toMatchObject({
      failure: "not-found",
      message: expect.stringMatching(/^(?!.*local directory)/),
    });
    await expect(open({ revision: "none" })).rejects.toMatchObject({ failure: "not-found" });
    await expect(open({ revision: "../x" })).rejects.toMatchObject({ code: "INPUT" });
    await expect(open({ endpoint: "ftp://x" })).rejects.toMatchObject({ code: "INPUT" });
    await expect(open({ token: "two words" })).rejects.toMatchObject({ code: "INPUT" });
  });

  test("an endpoint that is not a hub", async () => {
    vi.stubGlobal("fetch", async () => new Response("<!doctype html>"));
    for (const revision of ["main", commit]) {
      await expect(open({ revision })).rejects.toMatchObject({
        failure: "network",
        message: expect.stringContaining("the option endpoint"),
      });
    }
  });

  test("listings in pages", async () => {
    hub.listingPageSize = 3;
    expectWorking(await open());
  });

  test("without a hub, the error names the host and says how a directory is written", async () => {
    await hub.stop();
    const endpoint = "http://127.0.0.1:9";
    await expect(openModel(name, { endpoint })).rejects.toMatchObject({
      failure: "network",
      message: expect.stringMatching(/127\.0\.0\.1:9.*"\.\/owner\/tiny\/"/),
    });
  });

  test("an abort stops the download and leaves no part of the file", async () => {
    hub.faults.set(weights, { slow: { stepBytes: 20_000, pauseMs: 50 } });
    const controller = new AbortController();
    const onProgress = ({ file, loaded }: DownloadProgress) => {
      if (file === weights && loaded > 40_000) controller.abort(new Error("enough"));
    };
    await expect(open({ signal: controller.signal, onProgress })).rejects.toThrow("enough");
    expect(caches.entries().some(([, { bytes }]) => bytes.byteLength === totalBytes)).toBe(false);
  });
});
