import { createHash } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { type DownloadProgress, modelCacheName, openModel } from "../../src/browser.js";
import { openModel as openInNode } from "../../src/index.js";
import { fixedTexts, randomTexts } from "../sample-texts.js";
import { tempDir, writeFiles } from "../temp-dir.js";
import { absentFiles, jsonFile, neededFiles, safetensors, tinyModel } from "../tiny-model.js";
import { caches, expectWorking, server, totalBytes, warnings, weights } from "./tiny-directory.js";

const sha256 = (body: Uint8Array) => createHash("sha256").update(body).digest("hex");
const fileOf = (path: string): Uint8Array => tinyModel()[path] ?? new Uint8Array();

describe("a directory over HTTP", () => {
  test("gives the same model as in Node", async () => {
    const directory = await writeFiles(await tempDir(), tinyModel());
    const [here, there] = [await openModel(server.url), await openInNode(directory)];
    expectWorking(here);
    expect(here.directory).toBe(server.url);
    for (const field of ["config", "sentenceConfig", "prompts", "defaultPromptName"] as const) {
      expect(here[field], field).toEqual(there[field]);
    }
    expect(here.modules?.map(({ type, path, config }) => ({ type, path, config }))).toEqual(
      there.modules?.map(({ type, path, config }) => ({ type, path, config })),
    );
    expect(here.weights.names).toEqual(there.weights.names);
    expect(await here.weights.hash()).toBe(await there.weights.hash());
    expect([here.weights.inMemory, there.weights.inMemory]).toEqual([true, false]);
    for (const text of [...fixedTexts, ...randomTexts(50, 7)]) {
      expect(here.tokenizer.encode(text), text).toEqual(there.tokenizer.encode(text));
    }
  });

  test("is not asked for files that the model cannot have", async () => {
    await openModel(server.url);
    const paths = new Set(server.seen.map(({ path }) => path));
    expect([...paths].sort()).toEqual([...neededFiles, ...absentFiles].sort());
    for (const path of neededFiles) expect([path, server.downloads(path)]).toEqual([path, 1]);
  });

  test.each(["/models/tiny", "../models/tiny/", "/models/tiny/#part"])("%s", async (text) => {
    expectWorking(await openModel(text));
  });

  test("a URL object, whose query is sent with every file", async () => {
    expectWorking(await openModel(new URL(`${server.url}?signature=x`)));
    expect([...caches.entries()].every(([key]) => key.endsWith("?signature=x"))).toBe(true);
  });

  test.each(["models/tiny/", "", "../../x y", "file:///models/tiny/", "a/b/c"])(
    "%j is refused before any request",
    async (text) => {
      vi.stubGlobal("location", undefined);
      await expect(openModel(text)).rejects.toMatchObject({ code: "INPUT" });
      expect(server.seen).toEqual([]);
    },
  );

  test("all weights of a file are views of one buffer", async () => {
    const { weights } = await openModel(server.url);
    const buffers = weights.names.map((name) => weights.get(name).bytes().buffer);
    expect(new Set(buffers).size).toBe(1);
    expect(buffers[0]?.byteLength).toBe(totalBytes);
  });

  test("shards", async () => {
    const { [weights]: _, ...others } = tinyModel();
    server.files = {
      ...others,
      "a.safetensors": safetensors({ "embeddings.word_embeddings.weight": [400, 8] }),
      "b.safetensors": safetensors({ bias: [8] }),
      "model.safetensors.index.json": jsonFile({
        weight_map: {
          "embeddings.word_embeddings.weight": "a.safetensors",
          bias: "b.safetensors",
        },
      }),
    };
    const directory = await writeFiles(await tempDir(), server.files);
    const model = await openModel(server.url);
    expect([...model.weights.names].sort()).toEqual(["bias", "embeddings.word_embeddings.weight"]);
    const { weights: inNode } = await openInNode(directory);
    expect(await model.weights.hash()).toBe(await inNode.hash());
    expect([model.weights.inMemory, inNode.inMemory]).toEqual([true, false]);
  });

  test("names the files to request", async () => {
    const files = neededFiles.filter((path) => !path.startsWith("2_Dense"));
    server.files = { ...tinyModel(), "modules.json": jsonFile([]) };
    expectWorking(await openModel(server.url, { files }));
    expect(server.seen.every(({ path }) => files.includes(path))).toBe(true);
    await expect(openModel(server.url, { files: ["../x"] })).rejects.toMatchObject({
      code: "INPUT",
    });
  });
});

describe("progress", () => {
  test("grows and ends complete", async () => {
    server.faults.set(weights, { slow: { stepBytes: 60_000, pauseMs: 5 } });
    const events: DownloadProgress[] = [];
    await openModel(server.url, { onProgress: (event) => events.push(event) });
    const loaded = events.filter(({ file }) => file === weights).map((event) => event.loaded);
    expect(loaded[0]).toBe(0);
    expect(loaded.length).toBeGreaterThan(3);
    expect(loaded.at(-1)).toBe(totalBytes);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
    expect(new Set(events.map(({ file }) => file))).toEqual(new Set(neededFiles));
    expect(events.every(({ file, total }) => total === tinyModel()[file]?.byteLength)).toBe(true);
    expect(warnings).toEqual([]);
  });

  test("without Content-Length has no total", async () => {
    server.lengths = false;
    const events: DownloadProgress[] = [];
    expectWorking(await openModel(server.url, { onProgress: (event) => events.push(event) }));
    expect(events.every(({ total }) => total === undefined)).toBe(true);
    expect(events.findLast(({ file }) => file === weights)?.loaded).toBe(totalBytes);
  });
});

describe("digests", () => {
  test("that the caller names are checked, in upper and lower case", async () => {
    const digest = sha256(fileOf(weights));
    const right = { [weights]: digest.toUpperCase() };
    expectWorking(await openModel(server.url, { sha256: right }));
    const wrong = { [weights]: digest.replace(/^./, (c) => (c === "0" ? "1" : "0")) };
    caches.caches.clear();
    await expect(openModel(server.url, { sha256: wrong })).rejects.toMatchObject({
      code: "DOWNLOAD",
      failure: "integrity",
      file: weights,
      url: server.url + weights,
      message: expect.stringContaining("the option sha256"),
    });
    expect(caches.entry(weights)).toBeUndefined();
  });

  test.each([undefined, Object.keys(tinyModel())])(
    "of a missing file are refused before anything is fetched, %#",
    async (files) => {
      const sha256 = { "model.safetensor": "0".repeat(64) };
      await expect(openModel(server.url, { sha256, files })).rejects.toMatchObject({
        code: "MODEL_FILE",
        path: `${server.url}model.safetensor`,
        message: expect.stringMatching(/is missing; a file of SHA-256 0{64} is required/),
      });
      expect(server.seen.some(({ path }) => path !== "model.safetensor")).toBe(false);
    },
  );

  test.each([{ x: "12" }, { "../x": "0".repeat(64) }])("%j is refused", async (option) => {
    await expect(openModel(server.url, { sha256: option })).rejects.toMatchObject({
      code: "INPUT",
    });
  });

  test("that the server names are checked", async () => {
    server.headers = { "X-Linked-Etag": `"${sha256(fileOf("modules.json"))}"` };
    await expect(openModel(server.url)).rejects.toMatchObject({
      failure: "integrity",
      file: "config_sentence_transformers.json",
      message: expect.stringContaining("the server states"),
    });
  });

  test("need no WebCrypto, which pages without HTTPS do not have", async () => {
    const digest = sha256(fileOf(weights));
    vi.stubGlobal("crypto", {});
    const model = await openModel(server.url, { sha256: { [weights]: digest } });
    expect(await model.weights.hash()).toBe(digest);
    expect(caches.caches.get(modelCacheName)?.size).toBe(neededFiles.length);
  });
});
