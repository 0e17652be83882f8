/**
 * Loads the addon, opens a driver, uses it and closes it, for `ripvec-native fail-allocations`.
 * Prints "right", or the code of the error.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Driver, isRipvecError } from "@ripvec/core";
import type { WeightView } from "@ripvec/core/driver";
import { cpu } from "../../src/index.js";
import { blockDim, makeBlock, runBlock, wave } from "./passes.js";

const rows = 40;
const folder = mkdtempSync(join(tmpdir(), "ripvec-short-life-"));
const path = join(folder, "weights");
const values = wave(rows * blockDim);
writeFileSync(path, values);
const { byteLength } = values;

const view: WeightView = {
  name: "a tensor with a name that is too long for the small buffer of a string",
  dtype: "f32",
  shape: [rows, blockDim],
  byteLength,
  bytes: () => new Uint8Array(values.buffer),
  file: { path, byteOffset: 0 },
};
const half = byteLength / 2;
const halves = [0, half].map((byteOffset) => ({ path, byteOffset, byteLength: half }));

/** Checks row 7 of the table, and the first element of the product of row 0 and the matrix. */
async function passFromFiles(driver: Driver): Promise<void> {
  const table = driver.createTensor(view, "table");
  const matrix = driver.createTensor({ ...view, file: undefined, parts: halves }, "matrix");
  driver.createTensor({ ...view, shape: [rows * blockDim] }, "vector");
  const result = await driver.run((ops) => {
    const row = ops.alloc("f32", [1, blockDim]);
    ops.embedding_lookup({ table, ids: ops.input(Int32Array.of(7), [1]), out: row });
    ops.flush();
    const out = ops.alloc("f32", [1, rows]);
    ops.linear({ x: row, weight: matrix, out });
    return out;
  });
  const row = values.subarray(7 * blockDim, 8 * blockDim);
  const expected = row.reduce((sum, value, i) => sum + value * (values[i] ?? Number.NaN), 0);
  if (!(Math.abs((result[0] ?? Number.NaN) - expected) < 1e-4)) throw new Error("wrong values");
  driver.releaseTensor(table);
}

async function live(): Promise<void> {
  const driver = await cpu({ threads: 2 });
  const clone = driver.clone();
  try {
    await passFromFiles(driver);
    const block = makeBlock(clone);
    const passes = [runBlock(driver, block), runBlock(clone, block, { flush: true })];
    await Promise.allSettled(passes);
    await Promise.all(passes);
  } finally {
    await clone.close();
    await driver.close();
  }
}

try {
  await live();
  console.log("right");
} catch (error) {
  if (!isRipvecError(error)) throw error;
  console.log(error.code);
} finally {
  rmSync(folder, { recursive: true });
}
