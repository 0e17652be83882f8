import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, vi } from "vitest";
import type { Model } from "../src/index.js";
import { HubServer } from "./hub-server.js";
import { tempDir } from "./temp-dir.js";
import { neededFiles, tinyModel } from "./tiny-model.js";

/** Makes a hub with one model and an empty cache for every test of the importing file. */

export const name = "owner/tiny";
export const weights = "model.safetensors";
export const totalBytes: number = tinyModel()[weights]?.byteLength ?? 0;
export let hub: HubServer;
export let cacheDir: string;
export let commit: string;

beforeEach(async () => {
  hub = await HubServer.start();
  cacheDir = await tempDir();
  commit = hub.push(name, tinyModel());
  vi.stubEnv("HF_ENDPOINT", `${hub.url}/`);
  vi.stubEnv("HF_TOKEN", "");
  vi.stubEnv("HF_HUB_OFFLINE", "");
  vi.stubEnv("RIPVEC_OFFLINE", "");
  vi.stubEnv("HF_HUB_CACHE", join(cacheDir, "of-python"));
  vi.stubEnv("HF_HUB_ETAG_TIMEOUT", "");
  vi.stubEnv("HF_HUB_DOWNLOAD_TIMEOUT", "");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.stop();
});

export const repoDir = (): string => join(cacheDir, "models--owner--tiny");
export const blobs = async (): Promise<string[]> =>
  (await readdir(join(repoDir(), "blobs")).catch(() => [])).sort();
export const leftovers = async (): Promise<string[]> =>
  (await readdir(repoDir(), { recursive: true }).catch(() => [])).filter((path) =>
    /\.(tmp|lock|partial)/.test(path),
  );

/** Checks that the opened model has the contents of the tiny model's files. */
export async function expectOpened(model: Model): Promise<void> {
  expect(model.weights.get("bias").shape).toEqual([8]);
  expect(new Float32Array(model.weights.get("bias").bytes().slice().buffer)[0]).toBe(65536);
  expect(await model.weights.hash()).toBe(
    createHash("sha256")
      .update(tinyModel()[weights] ?? "")
      .digest("hex"),
  );
  expect(model.tokenizer.encode("hello").inputIds.length).toBe(3);
  expect(model.modules?.length).toBe(4);
  expect(model.prompts.query).toBe("query: ");
}

/** As expectOpened, and checks that every file that is needed lies in the cache. */
export async function expectWorking(model: Model): Promise<void> {
  await expectOpened(model);
  for (const path of neededFiles) {
    const written = await readFile(join(model.directory, path));
    expect(written.equals(tinyModel()[path] ?? Buffer.of()), path).toBe(true);
  }
}
