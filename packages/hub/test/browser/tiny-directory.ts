import { afterEach, beforeEach, expect, vi } from "vitest";
import type { CacheWarning, Model } from "../../src/browser.js";
import { tinyModel } from "../tiny-model.js";
import { DirectoryServer } from "./directory-server.js";
import { MemoryCaches } from "./memory-caches.js";

/**
 * Makes a server with one model, and an empty cache of its own origin, for every test of the
 * importing file.
 */

export const weights = "model.safetensors";
export const totalBytes: number = tinyModel()[weights]?.byteLength ?? 0;
export let server: DirectoryServer;
export let caches: MemoryCaches;
export let warnings: CacheWarning[];
export const onWarning = (warning: CacheWarning): void => void warnings.push(warning);

beforeEach(async () => {
  server = await DirectoryServer.start(tinyModel());
  caches = new MemoryCaches();
  warnings = [];
  vi.stubGlobal("caches", caches);
  vi.stubGlobal("location", { href: `${server.origin}/app/page.html`, origin: server.origin });
});

afterEach(async () => {
  vi.unstubAllGlobals();
  await server.stop();
});

export function expectWorking(model: Model): void {
  expect(model.weights.get("bias").shape).toEqual([8]);
  expect(new Float32Array(model.weights.get("bias").bytes().slice().buffer)[0]).toBe(65536);
  expect(model.tokenizer.encode("hello").inputIds.length).toBe(3);
  expect(model.prompts.query).toBe("query: ");
}
