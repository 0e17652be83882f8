import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { ArgumentError, ClosedError, DeviceError, type Driver, InputError } from "@ripvec/core";
import { afterEach, describe, expect, test } from "vitest";
import { cpu, cpuInfo } from "../src/index.js";
import { makeBlock, runBlock, runLong } from "./support/passes.js";

const open: Driver[] = [];
async function driverOf(options: Parameters<typeof cpu>[0]): Promise<Driver> {
  const driver = await cpu(options);
  open.push(driver);
  return driver;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((driver) => driver.close()));
});

test("cpuInfo and capabilities describe this machine", async () => {
  const info = cpuInfo();
  expect(info.arch).toBe(process.arch);
  expect(info.instructionSets).toContain("portable");
  expect(info.instructionSets.at(-1)).toBe(info.best);
  expect(info.threads).toBeGreaterThanOrEqual(1);
  const driver = await driverOf({ threads: 3, instructionSet: "portable" });
  expect(driver.capabilities).toMatchObject({
    isGpu: false,
    device: `${info.arch} portable, 3 threads`,
    maxInFlight: 2,
  });
  const standard = await driverOf({});
  expect(standard.capabilities.device).toMatch(
    new RegExp(`^${info.arch} ${process.env.RIPVEC_CPU_ISA || info.best}, ${info.threads} thread`),
  );
});

test("any number of threads gives the same bits", async () => {
  const results: Float32Array[] = [];
  for (const threads of [1, 2, 3, 4]) {
    const driver = await driverOf({ threads });
    results.push(await runBlock(driver, makeBlock(driver), { tokens: 173, poison: true }));
  }
  for (const result of results) expect(result).toEqual(results[0]);
  expect(results[0]?.every(Number.isFinite)).toBe(true);
});

test.each([0, -1, 1.5, Number.NaN, 5000])("threads: %d is refused", async (threads) => {
  await expect(cpu({ threads })).rejects.toThrow(InputError);
});

describe("clones", () => {
  test("share weights and run concurrently, and either may close first", async () => {
    const original = await driverOf({ threads: 2 });
    const block = makeBlock(original);
    const clone = original.clone();
    const expected = await runBlock(original, block);
    const both = await Promise.all([runBlock(original, block), runBlock(clone, block)]);
    expect(both).toEqual([expected, expected]);
    await original.close();
    await expect(runBlock(original, block)).rejects.toThrow(ClosedError);
    expect(await runBlock(clone, block)).toEqual(expected);
    const third = clone.clone();
    await clone.close();
    expect(await runBlock(third, block)).toEqual(expected);
    await third.close();
  });

  test("weights made on a clone can be used by the original", async () => {
    const original = await driverOf({ threads: 1 });
    const clone = original.clone();
    const block = makeBlock(clone);
    const expected = await runBlock(clone, block);
    await clone.close();
    expect(await runBlock(original, block)).toEqual(expected);
  });
});

test("close waits for passes in flight, and a second close does nothing", async () => {
  const driver = await driverOf({ threads: 2 });
  const block = makeBlock(driver);
  const expected = await runBlock(driver, block);
  const passes = Array.from({ length: 20 }, () => runBlock(driver, block));
  await Promise.all([driver.close(), driver.close()]);
  for (const pass of passes) expect(await pass).toEqual(expected);
  await driver.close();
});

test("concurrent passes of different sizes come back in order, each with its own values", async () => {
  const driver = await driverOf({ threads: 2 });
  const block = makeBlock(driver);
  const sizes = Array.from({ length: 60 }, (_, i) => 1 + ((i * 17) % 40));
  const expected = new Map<number, Float32Array>();
  for (const tokens of new Set(sizes)) {
    expected.set(tokens, await runBlock(driver, block, { tokens }));
  }
  const finished: number[] = [];
  const results = await Promise.all(
    sizes.map(async (tokens, i) => {
      const result = await runBlock(driver, block, { tokens });
      finished.push(i);
      return result;
    }),
  );
  results.forEach((result, i) => {
    expect(result).toEqual(expected.get(sizes[i] ?? 0));
  });
  expect(finished).toEqual([...finished].sort((a, b) => a - b));
});

test("a pass that is refused while another is recorded affects neither that one nor the next", async () => {
  const driver = await driverOf({ threads: 1 });
  const block = makeBlock(driver);
  const expected = await runBlock(driver, block);
  let inner: Promise<Float32Array> | undefined;
  const outer = driver.run((ops) => {
    const out = ops.allocZeroed("f32", [3]);
    inner = runBlock(driver, block);
    inner.catch(() => {});
    return out;
  });
  await expect(inner).rejects.toThrow(ArgumentError);
  expect(await outer).toEqual(new Float32Array(3));
  expect(await runBlock(driver, block)).toEqual(expected);
});

test("a result can be an input, and can be empty", async () => {
  const driver = await driverOf({ threads: 1 });
  expect(await driver.run((ops) => ops.input(Float32Array.of(1, 2), [2]))).toEqual(
    Float32Array.of(1, 2),
  );
  expect(await driver.run((ops) => ops.alloc("f32", [0, 5]))).toEqual(new Float32Array(0));
});

test("a pass that needs more memory than there is fails, and the next one works", async () => {
  const driver = await driverOf({ threads: 1 });
  const block = makeBlock(driver);
  const huge = driver.run((ops) => {
    const elements = Math.floor(driver.capabilities.maxTensorBytes / 4);
    for (let i = 0; i < 4000; i++) ops.alloc("f32", [elements]);
    return ops.allocZeroed("f32", [1]);
  });
  await expect(huge).rejects.toThrow(DeviceError);
  await expect(huge).rejects.toThrow(/out of memory: a pass needs \d+ bytes/);
  expect(await runBlock(driver, block)).toHaveLength(960);
});

interface TimerDelays {
  /** The 99th percentile of the milliseconds that a tick came after its 5 ms. */
  readonly late: number;
  /** The 99th percentile of the milliseconds that the event loop was busy since the tick before. */
  readonly held: number;
}

/** Runs a 5 ms timer for two seconds, while `work` runs again and again. */
async function timerDelays(work: () => Promise<unknown>): Promise<TimerDelays> {
  const late: number[] = [];
  const held: number[] = [];
  let last = performance.now();
  let loop = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.now();
    const loopNow = performance.eventLoopUtilization();
    late.push(now - last - 5);
    held.push(loopNow.active - loop.active);
    last = now;
    loop = loopNow;
  }, 5);
  const end = last + 2000;
  do await work();
  while (performance.now() < end);
  clearInterval(timer);
  expect(late.length).toBeGreaterThan(100);
  return { late: percentile99(late), held: percentile99(held) };
}

function percentile99(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length * 0.99)] ?? Number.POSITIVE_INFINITY;
}

test("long batches do not block the event loop", async () => {
  const driver = await driverOf({ threads: 1 });
  const { held } = await timerDelays(() => runLong(driver, 50));
  expect(held).toBeLessThan(20);
});

// The delays that a busy machine causes to any timer are measured next to a thread that only
// computes. The test is retried, because such delays come in bursts.
test("a 5 ms timer keeps firing while long batches run", { retry: 2 }, async () => {
  const busy = new Worker("for (;;);", { eval: true });
  const elsewhere = await timerDelays(() => wait(100));
  await busy.terminate();
  const driver = await driverOf({ threads: 1 });
  const { late } = await timerDelays(() => runLong(driver, 50));
  expect(late - elsewhere.late).toBeLessThan(20);
});
