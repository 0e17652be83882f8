import { createHash } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { modelCacheName, openModel } from "../../src/browser.js";
import { absentFiles, jsonFile, neededFiles, tinyModel } from "../tiny-model.js";
import { DirectoryServer } from "./directory-server.js";
import {
  caches,
  expectWorking,
  onWarning,
  server,
  totalBytes,
  warnings,
  weights,
} from "./tiny-directory.js";

const problems = () => warnings.map(({ problem, file }) => [problem, file]);
const sha256OfWeights = createHash("sha256")
  .update(tinyModel()[weights] ?? "")
  .digest("hex");

/** The server as seen from another origin. */
const elsewhere = () =>
  vi.stubGlobal("location", { href: "https://page.test/", origin: "https://page.test" });

/** The requests of a second opening of the model. */
async function reopened(): Promise<typeof server.seen> {
  server.seen.length = 0;
  expectWorking(await openModel(server.url, { onWarning }));
  return server.seen.filter(({ path }) => !absentFiles.includes(path));
}

describe("a second opening", () => {
  test("asks whether files changed and downloads none", async () => {
    await openModel(server.url);
    const seen = await reopened();
    expect(seen.filter(({ status }) => status === 304).length).toBe(neededFiles.length);
    expect(seen.every(({ status }) => status === 304)).toBe(true);
    expect(warnings).toEqual([]);
  });

  test("asks by date where the server gives no ETag", async () => {
    server.validators = "last-modified";
    await openModel(server.url);
    expect((await reopened()).some(({ status }) => status === 200)).toBe(false);
  });

  test("asks another origin with HEAD, which needs no permission for headers", async () => {
    elsewhere();
    await openModel(server.url);
    const seen = await reopened();
    expect(seen.some(({ status }) => status === 304)).toBe(false);
    expect(seen.filter(({ status }) => status === 200).length).toBe(neededFiles.length);
    expect(seen.every(({ method }) => method === "HEAD")).toBe(true);
  });

  test("asks with HEAD after a redirect, which may lead to another origin", async () => {
    const other = await DirectoryServer.start(tinyModel());
    try {
      server.redirects.set(weights, other.url + weights);
      await openModel(server.url);
      await reopened();
      expect(other.seen.map(({ method, status }) => [method, status])).toEqual([
        ["HEAD", 200],
        ["GET", 200],
        ["HEAD", 200],
      ]);
    } finally {
      await other.stop();
    }
  });

  test("downloads again when the server sends no validators", async () => {
    server.validators = "none";
    await openModel(server.url);
    await reopened();
    expect(server.downloads(weights)).toBe(1);
    elsewhere();
    await reopened();
    expect(server.downloads(weights)).toBe(1);
  });

  test.each([["same origin"], ["other origin"]])("downloads what changed: %s", async (origin) => {
    if (origin === "other origin") elsewhere();
    await openModel(server.url);
    server.files = { ...tinyModel(), "config.json": jsonFile({ model_type: "changed" }) };
    server.seen.length = 0;
    expect((await openModel(server.url)).config.model_type).toBe("changed");
    expect(server.downloads("config.json")).toBe(1);
    expect(server.downloads(weights)).toBe(0);
    server.seen.length = 0;
    expect((await openModel(server.url)).config.model_type).toBe("changed");
    expect(server.downloads("config.json")).toBe(0);
  });

  test("does not request a cached file whose digest the caller names", async () => {
    const sha256 = { [weights]: sha256OfWeights };
    await openModel(server.url, { sha256 });
    server.seen.length = 0;
    expectWorking(await openModel(server.url, { sha256 }));
    expect(server.seen.some(({ path }) => path === weights)).toBe(false);
  });

  test("replaces a cached file that is not the one the caller names", async () => {
    const old = tinyModel();
    old[weights]?.fill(1, totalBytes - 32);
    server.files = old;
    await openModel(server.url);
    server.files = tinyModel();
    expectWorking(await openModel(server.url, { sha256: { [weights]: sha256OfWeights } }));
  });

  test("refuses a file with a named digest that the server no longer has, when the cached one has another digest", async () => {
    await openModel(server.url);
    const { "sentence_bert_config.json": _, ...others } = tinyModel();
    server.files = others;
    const sha256 = { "sentence_bert_config.json": "0".repeat(64) };
    await expect(openModel(server.url, { sha256 })).rejects.toMatchObject({
      code: "MODEL_FILE",
      message: expect.stringMatching(
        /sentence_bert_config\.json: is missing; a file of SHA-256 0{64} is required/,
      ),
    });
  });

  test("does not use cached files silently when the network is down", async () => {
    await openModel(server.url);
    await server.stop();
    await expect(openModel(server.url)).rejects.toMatchObject({ failure: "network" });
  });
});

describe("a damaged cache", () => {
  test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ["a changed byte", (bytes) => bytes.map((byte, i) => (i === totalBytes - 1 ? byte ^ 1 : byte))],
    ["a missing end", (bytes) => bytes.subarray(0, 1000)],
    ["extra bytes at the end", (bytes) => Buffer.concat([bytes, Buffer.of(0)])],
    ["nothing", () => new Uint8Array()],
  ])("%s: a warning is given, and the file is downloaded again", async (_, damage) => {
    await openModel(server.url);
    const entry = caches.entry(`tiny/${weights}`);
    if (entry) entry.bytes = damage(entry.bytes);
    await reopened();
    expect(server.downloads(weights)).toBe(1);
    expect(problems()).toEqual([["damaged", weights]]);
    await reopened();
    expect(server.downloads(weights)).toBe(0);
  });

  test("entries of another kind under the same name", async () => {
    const cache = await caches.open(modelCacheName);
    await cache.put(server.url + weights, new Response("x", { headers: { ETag: '"x"' } }));
    expectWorking(await openModel(server.url, { onWarning }));
    expect(server.downloads(weights)).toBe(1);
    await reopened();
    expect(server.downloads(weights)).toBe(0);
  });
});

describe("without a cache that works", () => {
  test("a page without a cache opens the model and gives one warning", async () => {
    vi.stubGlobal("caches", undefined);
    expectWorking(await openModel(server.url, { onWarning }));
    expect(problems()).toEqual([["unavailable", undefined]]);
    expect(warnings[0]?.message).toContain("HTTPS");
  });

  test("access to the cache is forbidden", async () => {
    caches.failing = { open: new DOMException("sandboxed", "SecurityError") };
    expectWorking(await openModel(server.url, { onWarning }));
    expect(problems()).toEqual([["unavailable", undefined]]);
    expect(warnings[0]?.cause).toBe(caches.failing.open);
  });

  test("without space, the model opens, files that fit are kept, and none is incomplete", async () => {
    caches.quotaBytes = 20_000;
    expectWorking(await openModel(server.url, { onWarning }));
    expect(problems()).toEqual([["full", weights]]);
    expect(caches.entry(weights)?.bytes.byteLength).not.toBe(totalBytes);
    expect(caches.entry("tiny/config.json")).toBeDefined();
    await reopened();
    expect(server.downloads(weights)).toBe(1);
    expect(server.downloads("config.json")).toBe(0);
  });

  test("a new version that does not fit removes the old one", async () => {
    await openModel(server.url);
    caches.quotaBytes = caches.usedBytes();
    const padded = { ...JSON.parse(String(tinyModel()["config.json"])), x: " ".repeat(totalBytes) };
    server.files = { ...tinyModel(), "config.json": jsonFile(padded) };
    expectWorking(await openModel(server.url, { onWarning }));
    expect(problems()).toEqual([["full", "config.json"]]);
    expect(caches.entry("tiny/config.json")).toBeUndefined();
  });

  test("a cache that cannot be read or written", async () => {
    await openModel(server.url);
    caches.failing = { match: new Error("disk"), put: new Error("disk") };
    await reopened();
    expect(new Set(warnings.map(({ problem }) => problem))).toEqual(new Set(["failed"]));
  });

  test("cache: false keeps nothing and gives no warning", async () => {
    expectWorking(await openModel(server.url, { cache: false, onWarning }));
    expect(caches.entries()).toEqual([]);
    expect(warnings).toEqual([]);
  });
});

test("several openings at once download each file once where there are locks", async () => {
  const queue = new Map<string, Promise<unknown>>();
  const request = (name: string, _: unknown, run: () => Promise<unknown>) => {
    const turn = (queue.get(name) ?? Promise.resolve()).then(run);
    queue.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  };
  vi.stubGlobal("navigator", { locks: { request } });
  const models = await Promise.all([1, 2, 3].map(() => openModel(server.url)));
  for (const model of models) expectWorking(model);
  for (const path of neededFiles) expect(server.downloads(path), path).toBe(1);
});
