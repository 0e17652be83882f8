import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { openCheckpoint } from "../src/checkpoint.js";
import { openModel } from "../src/index.js";
import { mapConcurrently } from "../src/map-concurrently.js";
import type { ModelFiles } from "../src/model-files.js";
import { cacheDir, hub, name } from "./remote-hub.js";
import { jsonFile, poolingConfig, safetensors, tinyModel } from "./tiny-model.js";

/** Counts the calls in flight. */
class Gauge {
  most = 0;
  runs = 0;
  #now = 0;

  async during<T>(run: () => Promise<T>): Promise<T> {
    this.runs += 1;
    this.#now += 1;
    this.most = Math.max(this.most, this.#now);
    try {
      return await run();
    } finally {
      this.#now -= 1;
    }
  }
}

test("results come in the order of the items, with six in flight at once", async () => {
  const gauge = new Gauge();
  const items = Array.from({ length: 50 }, (_, i) => i);
  const run = (i: number) => gauge.during(() => sleep(i % 3, i * 2));
  expect(await mapConcurrently(items, run)).toEqual(items.map((i) => i * 2));
  expect(gauge.most).toBe(6);
  expect(await mapConcurrently([], run)).toEqual([]);
});

test("after a failure no further call is started", async () => {
  const run = vi.fn(async (i: number) => {
    await sleep(1);
    if (i === 3) throw new Error("three");
  });
  await expect(mapConcurrently([...Array(50).keys()], run)).rejects.toThrow("three");
  await sleep(20);
  expect(run.mock.calls.length).toBeLessThan(13);
});

/** The tiny model with this many modules, each in its own folder. */
function withModules(count: number) {
  const st = "sentence_transformers.models";
  const poolings = Array.from({ length: count - 1 }, (_, i) => `${i + 1}_Pooling`);
  const list = poolings.map((path) => ({ path, type: `${st}.Pooling` }));
  return {
    ...tinyModel(),
    "modules.json": jsonFile([{ path: "", type: `${st}.Transformer` }, ...list]),
    // The files differ, because equal files are downloaded once.
    ...Object.fromEntries(
      poolings.map((path, i) => [`${path}/config.json`, jsonFile({ ...poolingConfig, i })]),
    ),
  };
}

test("a hundred modules are downloaded a few at a time, without warnings", async () => {
  const warn = vi.fn();
  process.on("warning", warn);
  onTestFinished(() => void process.off("warning", warn));
  const gauge = new Gauge();
  hub.misbehave = (_duty, _request, response) => {
    void gauge.during(() => new Promise((done) => response.once("close", done)));
    return false;
  };
  hub.push(name, withModules(100));
  const { modules } = await openModel(name, { cacheDir });
  expect(modules?.map(({ path }) => path)).toEqual([
    "",
    ...Array.from({ length: 99 }, (_, i) => `${i + 1}_Pooling`),
  ]);
  expect(gauge.runs).toBeGreaterThan(99);
  expect(gauge.most).toBeLessThanOrEqual(6);
  expect(warn).not.toHaveBeenCalled();
});

test("more modules are refused before any of their files is requested", async () => {
  hub.push(name, withModules(101));
  await expect(openModel(name, { cacheDir })).rejects.toMatchObject({
    code: "MODEL_FILE",
    message: expect.stringMatching(/modules\.json: lists 101 modules, the limit is 100$/),
  });
  expect(hub.requests.some(({ path }) => path.endsWith("_Pooling/config.json"))).toBe(false);
});

test("shards are hashed a few at a time", async () => {
  const gauge = new Gauge();
  const shards = Array.from({ length: 40 }, (_, i) => `s${i}`);
  const weightMap = Object.fromEntries(shards.map((shard) => [`of ${shard}`, shard]));
  const files: ModelFiles = {
    id: "model",
    locate: (path) => path,
    exists: async () => true,
    read: async () => jsonFile({ weight_map: weightMap }),
    list: async () => [],
    open: async (path) => {
      const bytes = safetensors({ [`of ${path}`]: [1] });
      return {
        path,
        byteLength: bytes.byteLength,
        local: true,
        read: (from, byteLength) => bytes.slice(from, from + byteLength),
        hash: () => gauge.during(() => sleep(1, path.padEnd(64, "0"))),
      };
    },
  };
  const weights = await openCheckpoint(files, { folder: "", format: "safetensorsShards" });
  expect(await weights.hash()).toMatch(/^[0-9a-f]{64}$/);
  expect(gauge).toMatchObject({ runs: 40, most: 6 });
});
