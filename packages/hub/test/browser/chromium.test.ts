import { makeModel } from "@ripvec/driver-testkit";
import { writeModel } from "@ripvec/driver-testkit/node";
import type { BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { launchChromium } from "../../../driver-webgpu/test/browser/browser.js";
import { bundle } from "../../../driver-webgpu/test/browser/bundle.js";
import { pagesOf, type Realm, realms } from "../../../driver-webgpu/test/browser/server.js";
import { describeTarget } from "../../../driver-webgpu/test/support/targets.js";
import { openModel as openInNode } from "../../src/index.js";
import { HubServer } from "../hub-server.js";
import { fixedTexts, randomTexts } from "../sample-texts.js";
import { tempDir } from "../temp-dir.js";
import { BrowserRealm } from "./browser-realm.js";
import { DirectoryServer } from "./directory-server.js";

const made = makeModel({
  seed: 11,
  family: "bert",
  layers: 2,
  hidden: 64,
  heads: 4,
  intermediate: 128,
  vocabSize: 3000,
  maxPositions: 128,
  pooling: "mean",
  normalize: true,
  dense: { out: 16, activation: "tanh" },
});
const files = Object.fromEntries(made.files);
const weights = "model.safetensors";
const totalBytes = files[weights]?.byteLength ?? 0;
const directory = "/models/tiny/";
/** JSON cannot carry lone surrogates to the browser in one piece. */
const texts = [...fixedTexts, ...randomTexts(100, 5)].map((text) =>
  text.replace(/\p{Surrogate}/gu, "\uFFFD"),
);

/** Pages of this host name are not trusted as local ones are. */
const plainHost = "--host-resolver-rules=MAP plain.test 127.0.0.1";

describeTarget("chromium", () => {
  let code: string;
  let context: BrowserContext;
  let server: DirectoryServer;
  let realm: BrowserRealm;

  beforeAll(async () => {
    ({ code } = await bundle(new URL("page/probe.ts", import.meta.url)));
    context = await launchChromium({ webGpu: false, moreFlags: [plainHost] });
  }, 60_000);
  afterAll(() => context?.close());

  // A new port is a new origin, with an empty cache.
  beforeEach(async () => {
    server = await DirectoryServer.start(files);
    for (const [path, page] of pagesOf(code)) server.pages.set(path, page);
  });
  afterEach(async () => {
    await realm?.close();
    await server.stop();
  });

  const start = async (where: Realm, origin = server.origin) => {
    realm = await BrowserRealm.start(context, where, origin);
    return realm;
  };
  const openInNodeToo = async () => {
    const folder = await tempDir();
    await writeModel(folder, made);
    return openInNode(folder);
  };

  describe.each(realms)("in a %s", (where) => {
    test("opens a directory as Node does, then from the cache", async () => {
      const probe = await start(where);
      const first = await probe.open(directory, { texts });
      expect(first.error).toBeUndefined();
      expect(first.warnings).toEqual([]);
      const expected = await openInNodeToo();
      expect(first.hash).toBe(await expected.weights.hash());
      expect(first.names).toEqual(expected.weights.names);
      expect(first.buffers).toBe(1);
      expect(first.ids).toEqual(
        texts.map((text) => Array.from(expected.tokenizer.encode(text).inputIds)),
      );
      const loaded = first.progress.filter(({ file }) => file === weights);
      expect(loaded[0]).toEqual({ file: weights, loaded: 0, total: totalBytes });
      expect(loaded.at(-1)?.loaded).toBe(totalBytes);

      server.seen.length = 0;
      const second = await probe.open(directory, { texts });
      expect(second).toEqual({ ...first, progress: [] });
      const needed = new Set(first.progress.map(({ file }) => file));
      expect(server.seen.filter(({ status }) => status === 304).length).toBe(needed.size);
      expect(server.seen.some(({ status }) => status === 200)).toBe(false);
    });

    test("repairs a damaged entry", async () => {
      const probe = await start(where);
      const first = await probe.open(directory);
      await probe.damage(`/${weights}`);
      server.seen.length = 0;
      const second = await probe.open(directory);
      expect(second.warnings).toEqual(["damaged"]);
      expect(second.hash).toBe(first.hash);
      expect(server.downloads(weights)).toBe(1);
      expect((await probe.open(directory)).warnings).toEqual([]);
      expect(server.downloads(weights)).toBe(1);
    });

    test("an abort in the middle of a file stops the request and leaves no part of the file", async () => {
      server.faults.set(weights, { slow: { stepBytes: 50_000, pauseMs: 50 } });
      const probe = await start(where);
      const stopped = await probe.open(directory, { abortAfter: 100_000 });
      expect(stopped.error?.message).toBe("stopped by the test");
      expect(stopped.progress.at(-1)?.loaded).toBeLessThan(totalBytes);
      await vi.waitFor(() => expect(server.active).toBe(0), { timeout: 5000 });
      expect((await probe.cachedFiles()).some((url) => url.endsWith(weights))).toBe(false);
      server.faults.clear();
      expect((await probe.open(directory)).error).toBeUndefined();
    });

    test("refuses a start page in place of a file, and a connection that breaks", async () => {
      const probe = await start(where);
      server.fallback = "always";
      const { error } = await probe.open(directory);
      expect(error).toMatchObject({ failure: "not-found" });
      expect(error?.message).toMatch(/web page/);
      server.fallback = "never";
      server.faults.set(weights, { cutAfter: { bytes: 100_000, times: 9 } });
      const broken = await probe.open(directory);
      expect(broken.error).toMatchObject({ failure: "network", url: server.url + weights });
      expect((await probe.cachedFiles()).some((url) => url.endsWith(weights))).toBe(false);
    });

    test("opens a model of the hub from another origin, then without any request", async () => {
      const hub = await HubServer.start();
      try {
        const commit = hub.push("owner/made", files);
        const probe = await start(where);
        const first = await probe.open("owner/made", { endpoint: hub.url, revision: commit });
        expect(first.error).toBeUndefined();
        expect(first.hash).toBe(await (await openInNodeToo()).weights.hash());
        const { length } = [...hub.requests, ...hub.storageRequests];
        const second = await probe.open("owner/made", { endpoint: hub.url, revision: commit });
        expect(second).toEqual({ ...first, progress: [] });
        expect(hub.requests.length + hub.storageRequests.length).toBe(length);
      } finally {
        await hub.stop();
      }
    });
  });

  test("a directory of another origin needs that origin's permission, and is then cached too", async () => {
    const other = await DirectoryServer.start(files);
    try {
      const probe = await start("page");
      const refused = await probe.open(other.url);
      expect(refused.error).toMatchObject({ failure: "network" });
      expect(refused.error?.message).toContain("Access-Control-Allow-Origin");
      other.headers = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag",
      };
      expect((await probe.open(other.url)).error).toBeUndefined();
      other.seen.length = 0;
      expect((await probe.open(other.url)).progress).toEqual([]);
      expect(other.downloads(weights)).toBe(0);
    } finally {
      await other.stop();
    }
  });

  test("a file that redirects to another origin is cached too", async () => {
    const other = await DirectoryServer.start(files);
    try {
      other.headers = { "Access-Control-Allow-Origin": "*" };
      other.validators = "last-modified";
      server.redirects.set(weights, other.url + weights);
      const probe = await start("page");
      const first = await probe.open(directory);
      expect(first.error).toBeUndefined();
      expect(await probe.open(directory)).toEqual({ ...first, progress: [] });
      expect(other.downloads(weights)).toBe(1);
    } finally {
      await other.stop();
    }
  });

  test("on a page without HTTPS, which has neither cache nor WebCrypto, the model still opens", async () => {
    const origin = server.origin.replace("127.0.0.1", "plain.test");
    const probe = await start("page", origin);
    expect(await probe.isSecure()).toBe(false);
    const opened = await probe.open(directory);
    expect(opened.warnings).toEqual(["unavailable"]);
    expect(opened.hash).toBe(await (await openInNodeToo()).weights.hash());
  });

  test("a page and its workers that open a model at once download it once", async () => {
    server.faults.set(weights, { slow: { stepBytes: 200_000, pauseMs: 20 } });
    const others = await Promise.all(
      realms.map((where) => BrowserRealm.start(context, where, server.origin)),
    );
    const probe = await start("page");
    const opened = await Promise.all([probe, ...others].map((one) => one.open(directory)));
    expect(new Set(opened.map(({ hash }) => hash)).size).toBe(1);
    expect(server.downloads(weights)).toBe(1);
    await Promise.all(others.map((one) => one.close()));
  });
});
