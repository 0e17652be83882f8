import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HubServer } from "./hub-server.js";
import { openingProcesses } from "./run-opening.js";
import { tempDir } from "./temp-dir.js";
import { neededFiles, tinyModel } from "./tiny-model.js";

const name = "owner/tiny";
const weights = "model.safetensors";
const body = tinyModel()[weights] ?? new Uint8Array();
const sha256 = createHash("sha256").update(body).digest("hex");
let hub: HubServer;
let cacheDir: string;

beforeEach(async () => {
  hub = await HubServer.start();
  hub.push(name, tinyModel());
  cacheDir = await tempDir();
});

afterEach(() => hub.stop());

const blobDir = () => join(cacheDir, "models--owner--tiny", "blobs");
const more: Record<string, string> = {};
const processes = openingProcesses(() => ({
  HF_ENDPOINT: hub.url,
  HF_TOKEN: "",
  HF_HUB_OFFLINE: "",
  RIPVEC_OFFLINE: "",
  HF_HUB_CACHE: join(cacheDir, "of-python"),
  ...more,
}));
const openInProcess = () => processes.open(name, cacheDir);

test("several processes at once download each file once", async () => {
  hub.faults.set(weights, { slow: { stepBytes: 40_000, pauseMs: 60 } });
  const results = await Promise.all([openInProcess(), openInProcess(), openInProcess()]);
  expect(results.map(({ hash }) => hash)).toEqual([sha256, sha256, sha256]);
  for (const path of neededFiles) expect(hub.downloads(path), path).toBe(1);
  expect((await readdir(blobDir())).filter((file) => file.includes("."))).toEqual([]);
});

test("the next process resumes the download of a killed one without delay", async () => {
  hub.faults.set(weights, { slow: { stepBytes: 20_000, pauseMs: 100 } });
  const child = processes.start(name, cacheDir);
  const partial = join(blobDir(), `${sha256}.partial`);
  const size = () =>
    stat(partial).then(
      (stats) => stats.size,
      () => 0,
    );
  await expect.poll(size, { timeout: 20_000, interval: 20 }).toBeGreaterThan(20_000);
  child.kill("SIGKILL");
  await new Promise((done) => child.once("exit", done));
  expect((await readdir(blobDir())).filter((file) => file.endsWith(".lock")).length).toBe(1);

  hub.faults.clear();
  hub.storageRequests.length = 0;
  const started = performance.now();
  expect((await openInProcess()).hash).toBe(sha256);
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(hub.storageRequests[0]?.range).toMatch(/^bytes=[1-9]/);
  expect((await readFile(join(blobDir(), sha256))).equals(body)).toBe(true);
});

test("after processes are killed at any request, the next opening is right and leaves no lock and no partial file", async () => {
  hub.faults.set(weights, { slow: { stepBytes: 20_000, pauseMs: 20 } });
  const requests = () => hub.requests.length + hub.storageRequests.length;
  for (const count of [1, 2, 3, 5, 7, 9, 11, 12, 13]) {
    hub.requests.length = 0;
    hub.storageRequests.length = 0;
    const child = processes.start(name, cacheDir);
    const ended = new Promise<void>((done) => child.once("exit", () => done()));
    await Promise.race([
      ended,
      expect.poll(requests, { timeout: 20_000, interval: 1 }).toBeGreaterThanOrEqual(count),
    ]);
    child.kill("SIGKILL");
    await ended;
  }
  expect((await openInProcess()).hash).toBe(sha256);
  const left = await readdir(join(cacheDir, "models--owner--tiny"), { recursive: true });
  expect(left.filter((path) => /\.(lock|partial)/.test(path))).toEqual([]);
});

test("a lock of a dead process goes to one of the waiting processes", async () => {
  await mkdir(blobDir(), { recursive: true });
  const gone = spawn(process.execPath, ["-e", ""]);
  await new Promise((done) => gone.once("exit", done));
  const claim = JSON.stringify({ pid: gone.pid, host: hostname(), id: "x" });
  await writeFile(join(blobDir(), `${sha256}.lock`), claim);
  hub.faults.set(weights, { slow: { stepBytes: 80_000, pauseMs: 50 } });
  const results = await Promise.all([openInProcess(), openInProcess()]);
  expect(results.map(({ hash }) => hash)).toEqual([sha256, sha256]);
  expect(hub.downloads(weights)).toBe(1);
});

test("a hub that hangs delays neither the process nor those that wait for it", async () => {
  more.HF_HUB_DOWNLOAD_TIMEOUT = "0.5";
  const open = new Set<ServerResponse>();
  hub.misbehave = (duty, { path }, response) => {
    if (duty !== "storage" || !path.endsWith(`/${weights}`)) return false;
    open.add(response.once("close", () => open.delete(response)));
    return true;
  };
  const results = await Promise.all([openInProcess(), openInProcess()]);
  for (const { message } of results) expect(message).toMatch(/no answer within 0\.5 s \(4 tries\)/);
  // Both processes ended by themselves, the second after the first had released the lock.
  expect((await readdir(blobDir())).filter((file) => file.includes(".lock"))).toEqual([]);
  await expect.poll(() => open.size).toBe(0);
  delete more.HF_HUB_DOWNLOAD_TIMEOUT;
  hub.misbehave = () => false;
  expect((await openInProcess()).hash).toBe(sha256);
});
