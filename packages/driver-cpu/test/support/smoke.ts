/**
 * Uses the driver in plain Node, for sanitizers and emulators: passes on every instruction set and
 * thread count, clones, weights of all roles from a file, failures, workers, and closing early and
 * late.
 */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import type { Driver, WeightDType } from "@ripvec/core";
import { toF32 } from "@ripvec/core/arch";
import { narrowWeight, sizeOf, type TensorRole, type WeightView } from "@ripvec/core/driver";
import { cpu, cpuInfo } from "../../src/index.js";
import { makeBlock, runBlock, runLong, wave } from "./passes.js";

let checks = 0;
function check(holds: boolean, what: string): void {
  checks++;
  if (!holds) throw new Error(what);
}
const same = (a: Float32Array, b: Float32Array | undefined): boolean =>
  b !== undefined && a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

async function passes(): Promise<void> {
  for (const instructionSet of cpuInfo().instructionSets) {
    let expected: Float32Array | undefined;
    for (const threads of [1, 2, 3]) {
      const driver = await cpu({ threads, instructionSet });
      const block = makeBlock(driver);
      const queues = [driver, driver.clone(), driver.clone()];
      const results = await Promise.all(
        Array.from({ length: 30 }, (_, i) =>
          runBlock(queues[i % 3] ?? driver, block, {
            tokens: 97,
            poison: i % 2 === 0,
            flush: i % 5 > 1,
          }),
        ),
      );
      expected ??= results[0];
      for (const result of results) check(same(result, expected), `${instructionSet} ${threads}`);
      await Promise.all(queues.map((queue) => queue.close()));
    }
  }
}

async function files(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ripvec-smoke-"));
  const path = join(folder, "weights");
  const shape = [70, 33];
  const values = wave(sizeOf(shape));
  writeFileSync(path, Buffer.concat([Buffer.alloc(5), Buffer.from(values.buffer)]));
  const view: WeightView = {
    name: "in a file",
    dtype: "f32",
    shape,
    byteLength: values.byteLength,
    bytes: () => new Uint8Array(values.buffer),
    file: { path, byteOffset: 5 },
  };
  const driver = await cpu({ threads: 2 });
  const run = (role: TensorRole, dtype?: WeightDType): Promise<Float32Array> =>
    use(driver, view, role, dtype);
  check((await run("matrix")).length === 70, "matrix");
  check(same(await run("table"), values.subarray(33, 66)), "table");
  check((await run("vector")).length === values.length, "vector");
  for (const dtype of ["f16", "bf16", "i8"] as const) {
    const narrow = narrowWeight(view, dtype);
    const row = toF32(narrow).subarray(33, 66);
    check(same(await run("table", dtype), row), `table in ${dtype}`);
    check(same(await use(driver, narrow, "table", dtype), row), `table of ${dtype}`);
    const matrix = await use(driver, narrow, "matrix", dtype);
    check(same(await run("matrix", dtype), matrix), `matrix in ${dtype}`);
  }
  await cutUnderTable(driver, view, path);
  await driver.close();
  rmSync(folder, { recursive: true });
}

/**
 * On Windows a file that is open here cannot be truncated; elsewhere a pass that reads it fails.
 */
async function cutUnderTable(driver: Driver, view: WeightView, path: string): Promise<void> {
  const table = driver.createTensor(view, "table");
  const windows = process.platform === "win32";
  check(throws(() => truncateSync(path, 10)) === windows, "cutting an open file");
  const failed = await driver
    .run((ops) => {
      const out = ops.alloc("f32", [1, 33]);
      ops.embedding_lookup({ table, ids: ops.input(Int32Array.of(1), [1]), out });
      return out;
    })
    .then(
      () => false,
      () => true,
    );
  check(failed !== windows, "a truncated file makes the pass fail");
}

function throws(body: () => void): boolean {
  try {
    body();
    return false;
  } catch {
    return true;
  }
}

function use(
  driver: Driver,
  view: WeightView,
  role: TensorRole,
  dtype?: WeightDType,
): Promise<Float32Array> {
  const weight = driver.createTensor(view, role, { dtype });
  const result = driver.run((ops) => {
    if (role === "vector") {
      const out = ops.alloc("f32", [weight.size]);
      ops.copy({ x: weight, out });
      return out;
    }
    const out = ops.alloc("f32", role === "matrix" ? [1, 70] : [1, 33]);
    if (role === "matrix") ops.linear({ x: ops.input(wave(33), [1, 33]), weight, out });
    else ops.embedding_lookup({ table: weight, ids: ops.input(Int32Array.of(1), [1]), out });
    return out;
  });
  driver.releaseTensor(weight);
  return result;
}

async function workers(): Promise<void> {
  for (const mode of ["finish", "terminate", "leave"]) {
    const worker = new Worker(fileURLToPath(import.meta.url), { argv: [mode] });
    const exit = new Promise<number>((resolve) => worker.once("exit", resolve));
    await new Promise((resolve) => worker.once("message", resolve));
    if (mode === "terminate") await worker.terminate();
    await exit;
    checks++;
  }
}

async function inWorker(mode: string | undefined): Promise<void> {
  const driver = await cpu({ threads: 2 });
  await runBlock(driver, makeBlock(driver));
  if (mode !== "finish") runLong(driver, 10_000).catch(() => {});
  parentPort?.postMessage("started");
  if (mode === "leave") setTimeout(() => process.exit(0), 50);
}

if (isMainThread) {
  await passes();
  await files();
  await workers();
  console.log(`smoke: ${checks} checks, 0 failures`);
} else {
  await inWorker(process.argv[2]);
}
