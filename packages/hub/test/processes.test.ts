import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "tsup";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { HubServer } from "./hub-server.js";
import { tempDir } from "./temp-dir.js";
import { neededFiles, tinyModel } from "./tiny-model.js";

const packageDir = fileURLToPath(new URL("..", import.meta.url));
/** Inside the package, so that the bundle finds the package's dependencies. */
const bundleDir = join(packageDir, "node_modules", ".opening-process");
const bundle = join(bundleDir, "opening-process.mjs");
const name = "owner/tiny";
const weights = "model.safetensors";
const body = tinyModel()[weights] ?? new Uint8Array();
const sha256 = createHash("sha256").update(body).digest("hex");
let hub: HubServer;
let cacheDir: string;

beforeAll(async () => {
  await build({
    entry: [fileURLToPath(new URL("./opening-process.ts", import.meta.url))],
    outDir: bundleDir,
    format: "esm",
    outExtension: () => ({ js: ".mjs" }),
    noExternal: [/^@ripvec\//],
    tsconfig: join(packageDir, "tsconfig.json"),
    config: false,
    silent: true,
  });
});

afterAll(() => rm(bundleDir, { recursive: true, force: true }));

beforeEach(async () => {
  hub = await HubServer.start();
  hub.push(name, tinyModel());
  cacheDir = await tempDir();
});

afterEach(() => hub.stop());

const env = () => ({
  ...process.env,
  HF_ENDPOINT: hub.url,
  HF_TOKEN: "",
  HF_HUB_OFFLINE: "",
  RIPVEC_OFFLINE: "",
  HF_HUB_CACHE: join(cacheDir, "of-python"),
});
const blobDir = () => join(cacheDir, "models--owner--tiny", "blobs");

async function openInProcess(): Promise<{ hash: string; events: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [bundle, name, cacheDir], {
    env: env(),
  });
  return JSON.parse(stdout) as { hash: string; events: number };
}

test("several processes at once download each file once", async () => {
  hub.faults.set(weights, { slow: { stepBytes: 40_000, pauseMs: 60 } });
  const results = await Promise.all([openInProcess(), openInProcess(), openInProcess()]);
  expect(results.map(({ hash }) => hash)).toEqual([sha256, sha256, sha256]);
  for (const path of neededFiles) expect(hub.downloads(path), path).toBe(1);
  expect((await readdir(blobDir())).filter((file) => file.includes("."))).toEqual([]);
});

test("a process that is killed leaves what the next one continues, without delay", async () => {
  hub.faults.set(weights, { slow: { stepBytes: 20_000, pauseMs: 100 } });
  const child = spawn(process.execPath, [bundle, name, cacheDir], { env: env(), stdio: "ignore" });
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

test("killed at any request, in one cache: the next opening is right and leaves nothing behind", async () => {
  hub.faults.set(weights, { slow: { stepBytes: 20_000, pauseMs: 20 } });
  const requests = () => hub.requests.length + hub.storageRequests.length;
  for (const count of [1, 2, 3, 5, 7, 9, 11, 12, 13]) {
    hub.requests.length = 0;
    hub.storageRequests.length = 0;
    const child = spawn(process.execPath, [bundle, name, cacheDir], {
      env: env(),
      stdio: "ignore",
    });
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

test("a lock of a dead process goes to one of those who wait", async () => {
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
