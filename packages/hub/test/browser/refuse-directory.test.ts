import { UnsupportedError } from "@ripvec/core";
import { describe, expect, test, vi } from "vitest";
import { openModel } from "../../src/browser.js";
import { jsonFile, tinyModel } from "../tiny-model.js";
import { caches, expectWorking, server, totalBytes, weights } from "./tiny-directory.js";

const fileOf = (path: string): Uint8Array => tinyModel()[path] ?? new Uint8Array();
const cachedWeights = () => caches.entry(`tiny/${weights}`);

/** A minimal model, without many of the files that a server is asked for. */
const small = (): Record<string, Uint8Array> =>
  Object.fromEntries(
    ["config.json", "tokenizer.json", weights].map((path) => [path, fileOf(path)]),
  );

describe("absent files", () => {
  test("without config.json, the error names the URL and the files of a model", async () => {
    server.files = {};
    await expect(openModel(server.url)).rejects.toMatchObject({
      code: "MODEL_FILE",
      path: `${server.url}config.json`,
      message: expect.stringContaining("tokenizer.json and model.safetensors"),
    });
  });

  test("without weights, the error names the URL", async () => {
    server.files = { ...small(), [weights]: undefined } as never;
    await expect(openModel(server.url)).rejects.toMatchObject({
      code: "MODEL_FILE",
      path: server.url + weights,
    });
  });

  test("weights in an unsupported format", async () => {
    const { [weights]: _, "pytorch_model.bin": __, ...others } = tinyModel();
    server.files = others;
    await expect(openModel(server.url)).rejects.toMatchObject({
      code: "MODEL_FILE",
      path: server.url + weights,
      message: expect.stringMatching(
        /The folder has onnx\/model\.onnx \(ONNX\), which ripvec cannot read/,
      ),
    });
    expect(server.downloads("tokenizer.json")).toBe(0);
  });

  test("for a store that answers 403 for missing files, the error names the option that helps, and it does", async () => {
    server.absentStatus = 403;
    server.files = small();
    await expect(openModel(server.url)).rejects.toMatchObject({
      failure: "access",
      status: 403,
      url: `${server.url}modules.json`,
      message: expect.stringContaining('"files"'),
    });
    const model = await openModel(server.url, { files: Object.keys(small()) });
    expect(model.weights.has("bias")).toBe(true);
  });
});

test("a model that the architecture refuses is refused before tokenizer and weights are fetched", async () => {
  const refusal = new UnsupportedError({ what: "model_type", value: "bert", supported: [] });
  const arch = {
    check() {
      throw refusal;
    },
  };
  await expect(openModel(server.url, { arch })).rejects.toBe(refusal);
  const paths = server.seen.map(({ path }) => path);
  expect(paths.filter((path) => !/config[^/]*\.json$|^modules\.json$/.test(path))).toEqual([]);
});

describe("a start page in place of a file", () => {
  test("is refused for every file", async () => {
    server.fallback = "always";
    for (const path of ["modules.json", "config.json", "1_Pooling/config.json"]) {
      const { [path]: _, ...others } = tinyModel();
      server.files = others;
      caches.caches.clear();
      await expect(openModel(server.url)).rejects.toMatchObject({
        code: "DOWNLOAD",
        failure: "not-found",
        file: path,
        url: server.url + path,
        message: expect.stringMatching(/web page.*404.*"files"/),
      });
      expect([...caches.entries()].some(([, { bytes }]) => bytes[0] === 60)).toBe(false);
    }
  });

  test("is not taken for a weight file", async () => {
    const { [weights]: _, "pytorch_model.bin": __, ...others } = tinyModel();
    server.files = others;
    server.fallback = "always";
    await expect(openModel(server.url)).rejects.toMatchObject({
      code: "MODEL_FILE",
      path: server.url + weights,
    });
    expect(server.seen.filter(({ method }) => method === "GET").length).toBeLessThan(9);
  });

  test("of a development server is not requested", async () => {
    server.fallback = "html";
    server.files = small();
    expect((await openModel(server.url)).weights.has("bias")).toBe(true);
  });

  test("is not taken for weights of another format", async () => {
    const { [weights]: _, ...others } = small();
    server.files = { ...others, "modules.json": jsonFile([]) };
    server.fallback = "always";
    const files = [...Object.keys(server.files), "pytorch_model.bin"];
    await expect(openModel(server.url, { files })).rejects.toMatchObject({
      code: "DOWNLOAD",
      file: "pytorch_model.bin",
      message: expect.stringContaining("is a web page"),
    });
  });
});

describe("server errors", () => {
  test("are retried, then the status is reported", async () => {
    server.faults.set(weights, { status: { code: 503, times: 1 } });
    expectWorking(await openModel(server.url));
    caches.caches.clear();
    server.faults.set(weights, { status: { code: 503, times: 99 } });
    await expect(openModel(server.url)).rejects.toMatchObject({
      failure: "network",
      status: 503,
      url: server.url + weights,
    });
  });

  test("a connection that breaks leaves nothing", async () => {
    server.faults.set(weights, { cutAfter: { bytes: 100_000, times: 1 } });
    await expect(openModel(server.url)).rejects.toMatchObject({
      failure: "network",
      file: weights,
      message: expect.stringMatching(new RegExp(`stopped at \\d+ of ${totalBytes} bytes`)),
    });
    expect(cachedWeights()).toBeUndefined();
    expectWorking(await openModel(server.url));
    expect(server.downloads("config.json")).toBe(1);
  });

  test("without a server, the error names the host, and the CORS permission when the page has another origin", async () => {
    await server.stop();
    const here = await openModel(server.url).catch((error: Error) => error);
    expect(here).toMatchObject({
      failure: "network",
      message: expect.stringContaining("cannot fetch"),
    });
    vi.stubGlobal("location", { href: "https://page.test/", origin: "https://page.test" });
    await expect(openModel(server.url)).rejects.toMatchObject({
      message: expect.stringContaining("Access-Control-Allow-Origin"),
    });
  });
});

describe("wrong contents", () => {
  test("truncated safetensors", async () => {
    server.files = { ...tinyModel(), [weights]: fileOf(weights).subarray(0, totalBytes - 4) };
    await expect(openModel(server.url)).rejects.toMatchObject({
      code: "MODEL_FILE",
      path: server.url + weights,
    });
  });

  test("a file that is not JSON", async () => {
    server.files = { ...tinyModel(), "config.json": Buffer.from("{") };
    await expect(openModel(server.url)).rejects.toMatchObject({
      code: "MODEL_FILE",
      path: `${server.url}config.json`,
    });
  });

  test.each([true, false])("an endless configuration; length announced: %s", async (lengths) => {
    server.lengths = lengths;
    const config = Buffer.alloc((4 << 20) + 1, " ");
    server.files = { ...tinyModel(), "config.json": config };
    await expect(openModel(server.url)).rejects.toMatchObject({
      code: "MODEL_FILE",
      message: expect.stringContaining("limit"),
    });
  });

  test.each([1, -1])("a length that differs from the body's by %d", async (more) => {
    const body = fileOf("config.json");
    const real = globalThis.fetch;
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      const response = await real(url, init);
      if (!url.endsWith("/tiny/config.json")) return response;
      const headers = { "Content-Length": String(body.byteLength + more) };
      const changed = new Response(await response.arrayBuffer(), { headers });
      Object.defineProperty(changed, "url", { value: url });
      return changed;
    });
    await expect(openModel(server.url)).rejects.toMatchObject({
      failure: "integrity",
      url: `${server.url}config.json`,
    });
    expect(caches.entry("tiny/config.json")).toBeUndefined();
  });
});

describe("abort", () => {
  test("in the middle of a file stops every request at once and leaves no part of the file", async () => {
    server.faults.set(weights, { slow: { stepBytes: 20_000, pauseMs: 50 } });
    const controller = new AbortController();
    const reason = new Error("enough");
    const opening = openModel(server.url, {
      signal: controller.signal,
      onProgress: ({ file, loaded }) => {
        if (file === weights && loaded > 40_000) controller.abort(reason);
      },
    });
    await expect(opening).rejects.toBe(reason);
    await vi.waitFor(() => expect(server.active).toBe(0), { timeout: 1000 });
    expect(cachedWeights()).toBeUndefined();
    server.faults.clear();
    expectWorking(await openModel(server.url));
  });

  test("while a file is being cached leaves no part of the file", async () => {
    const controller = new AbortController();
    const cache = await caches.open("ripvec-models-v1");
    caches.open = async () => ({
      ...cache,
      put: async (key, response) => {
        if (key.endsWith(`tiny/${weights}`)) controller.abort(new Error("now"));
        return cache.put(key, response);
      },
    });
    const opening = openModel(server.url, { signal: controller.signal });
    await expect(opening).rejects.toThrow("now");
    expect(cachedWeights()).toBeUndefined();
  });

  test("before the start sends no request", async () => {
    const opening = openModel(server.url, { signal: AbortSignal.abort(new Error("never")) });
    await expect(opening).rejects.toThrow("never");
    expect(server.seen).toEqual([]);
  });

  test("one file that fails stops the requests for the others", async () => {
    server.faults.set("1_Pooling/config.json", {
      instead: { body: Buffer.from("{{{"), times: 1 },
      slow: { stepBytes: 1, pauseMs: 200 },
    });
    server.faults.set("2_Dense/config.json", { slow: { stepBytes: 1, pauseMs: 100 } });
    await expect(openModel(server.url)).rejects.toMatchObject({ code: "MODEL_FILE" });
    expect(server.downloads("2_Dense/config.json")).toBe(1);
    await vi.waitFor(() => expect(server.active).toBe(0), { timeout: 1000 });
    expect(caches.entry("2_Dense/config.json")).toBeUndefined();
  });

  test("no listener stays on the caller's signal", async () => {
    const { signal } = new AbortController();
    const [add, remove] = [
      vi.spyOn(signal, "addEventListener"),
      vi.spyOn(signal, "removeEventListener"),
    ];
    await openModel(server.url, { signal });
    expect(remove).toHaveBeenCalledTimes(add.mock.calls.length);
  });
});
