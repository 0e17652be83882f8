/** Tests of embedding tables in fewer bits. The expected values come from core's conversions. */
import { closeSync, ftruncateSync, openSync, utimesSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Driver, WeightDType } from "@ripvec/core";
import { toF32 } from "@ripvec/core/arch";
import { narrowWeight, type Tensor, type WeightView, weightView } from "@ripvec/core/driver";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cpu, cpuInfo } from "../src/index.js";
import { wave } from "./support/passes.js";
import {
  atOddAddress,
  bytesOf,
  driver,
  folder,
  halfSteps,
  inFile,
  inMemory,
  lookup,
} from "./support/weights.js";

type Float = "f32" | "f16" | "bf16";
const floats = ["f32", "f16", "bf16"] as const;
const narrow = ["f16", "bf16", "i8"] as const;
const rows = 70;

/** The index of the first element whose bits differ, −1 if there is none. */
function differenceOf(actual: Float32Array, expected: Float32Array): number {
  const bits = new Uint32Array(actual.buffer, actual.byteOffset, actual.length);
  const others = new Uint32Array(expected.buffer, expected.byteOffset, expected.length);
  return actual.length === expected.length ? bits.findIndex((each, i) => each !== others[i]) : 0;
}

/** The largest value of a row in `stored` that `kept` can hold. */
function largest(stored: Float, kept: WeightDType): number {
  if (stored === "bf16" && kept === "f16") return 65280;
  if (stored === "f16" || kept === "f16") return 65504;
  return stored === "bf16" || kept === "bf16" ? 3.38e38 : 3.4028234663852886e38;
}

/** Some rows hold zeros, subnormals, the largest numbers of `stored` or ties. */
function tableOf(cols: number, stored: Float, kept: WeightDType): WeightView {
  const values = wave(rows * cols, cols);
  const row = (at: number) => values.subarray(at * cols, (at + 1) * cols);
  row(3).fill(0);
  row(4).fill(-0);
  row(31).set(row(31).map((value) => value * 1e-43));
  row(32).set(row(32).map((value) => value * 1e-38));
  row(33).set(row(33).map((value) => 2 * largest(stored, kept) * value));
  for (let at = 40; at < 60; at++) row(at).set(halfSteps(cols, 0.9 + at / 7));
  row(61).set(values.subarray(0, cols).map((_, i) => 1 + (2 * i + 1) / 256));
  row(62).set(values.subarray(0, cols).map((_, i) => 1 + (2 * i + 1) / 2048));
  row(34).fill(-largest(stored, kept), 0, 1);
  return narrowWeight(weightView("table", [rows, cols], values), stored);
}

function inTableFile(name: string, view: WeightView, pad: number): WeightView {
  return { ...inFile(name, view.shape, view.bytes(), view.dtype, pad), scales: view.scales };
}

function inOddMemory(name: string, { shape, bytes, dtype, scales }: WeightView): WeightView {
  const odd = scales && { ...scales, bytes: () => atOddAddress(scales.bytes()) };
  return { ...inMemory(name, shape, atOddAddress(bytes()), dtype), scales: odd };
}

/** Every row, rows in and out of order, and repeated rows: more than a thread takes at a time. */
const ids = [
  ...Array.from({ length: rows }, (_, i) => i),
  ...[69, 69, 0, 33, 32, 31, 34, 35, 36],
  ...Array.from({ length: rows }, (_, i) => (i * 37) % rows),
];

function picked(values: Float32Array, cols: number): Float32Array {
  const all = new Float32Array(ids.length * cols);
  ids.forEach((id, i) => {
    all.set(values.subarray(id * cols, (id + 1) * cols), i * cols);
  });
  return all;
}

function added(table: Tensor, x: Float32Array, cols: number, on: Driver): Promise<Float32Array> {
  return on.run((ops) => {
    const shape = [ids.length, cols];
    const out = ops.input(x, shape);
    ops.add_embeddings({ x: out, table, ids: ops.input(Int32Array.from(ids), [ids.length]), out });
    return out;
  });
}

describe.each(cpuInfo().instructionSets)("%s", (instructionSet) => {
  let own: Driver;
  beforeEach(async () => {
    own = await cpu({ instructionSet, threads: 2 });
  });
  afterEach(() => own.close());

  describe.each(narrow)("kept in %s", (kept) => {
    test.each(floats)("a table of %s is read as one that was converted before", async (stored) => {
      for (const cols of [1, 7, 385]) {
        const view = tableOf(cols, stored, kept);
        const converted = narrowWeight(view, kept);
        const expected = picked(toF32(converted), cols);
        const x = wave(expected.length, 3);
        const sums = expected.map((value, i) => (x[i] ?? Number.NaN) + value);
        const views = [
          inTableFile(`aligned.${cols}`, view, 64),
          inTableFile(`odd.${cols}`, view, 13),
          inOddMemory("memory", view),
          inTableFile(`converted.${cols}`, converted, 5),
          inOddMemory("converted", converted),
        ];
        for (const each of views) {
          const table = own.createTensor(each, "table", { dtype: kept });
          expect(table.dtype).toBe(kept);
          expect(differenceOf(await lookup(table, ids, cols, own), expected)).toBe(-1);
          expect(differenceOf(await added(table, x, cols, own), sums)).toBe(-1);
        }
      }
    });
  });
});

test("a table without a dtype is kept as it is stored, and has the same rows when kept in f32", async () => {
  for (const stored of [...floats, "i8"] as const) {
    const view = narrowWeight(weightView("table", [rows, 5], wave(rows * 5)), stored);
    const expected = picked(toF32(view), 5);
    for (const each of [inTableFile(`file.${stored}`, view, 3), inOddMemory("memory", view)]) {
      const table = make(each, undefined);
      expect(table.dtype).toBe(stored);
      expect(await lookup(table, ids, 5)).toEqual(expected);
      const wide = make(stored === "i8" ? { ...each, bytes: view.bytes } : each, "f32");
      expect(wide.dtype).toBe("f32");
      expect(await lookup(wide, ids, 5)).toEqual(expected);
    }
  }
  function make(view: WeightView, dtype: WeightDType | undefined): Tensor {
    return driver.createTensor(view, "table", { dtype });
  }
});

describe("a value that the dtype cannot hold is refused with its row and column, and affects no other row", () => {
  const cols = 29;
  const cases: [WeightDType, Float, number, string][] = [
    ["f16", "f32", 70_000, "70000, beyond 65504, the largest of f16"],
    ["f16", "f32", -65_520, "-65520, beyond 65504, the largest of f16"],
    ["f16", "bf16", 65_536, "65536, beyond 65504, the largest of f16"],
    ["bf16", "f32", -3.4e38, "-3.39999995e+38, beyond the largest of bf16"],
    ["f16", "f32", Number.NaN, "NaN"],
    ["bf16", "f32", Number.NEGATIVE_INFINITY, "-infinity"],
    ["i8", "f32", Number.NaN, "NaN"],
    ["i8", "f16", Number.POSITIVE_INFINITY, "infinity"],
    ["i8", "bf16", Number.NEGATIVE_INFINITY, "-infinity"],
  ];

  test.each(cases)("%s of %s: %s", async (kept, stored, value, shown) => {
    const values = wave(rows * cols);
    values[17 * cols + 28] = value;
    const refused = expect.objectContaining({
      code: "MODEL_FILE",
      tensor: "spoilt",
      message: expect.stringContaining(`row 17, column 28 is ${shown}`),
    });
    const view =
      Number.isFinite(value) || stored === "f32"
        ? narrowWeight(weightView("spoilt", [rows, cols], values), stored)
        : withInfinity(values, stored, 17 * cols + 28);
    const memory = inMemory("spoilt", [rows, cols], view.bytes(), stored);
    expect(() => driver.createTensor(memory, "table", { dtype: kept })).toThrow(refused);
    // Core stores NaN and infinity in f16 and bf16.
    if (Number.isFinite(value) || kept === "i8") {
      const { message } = thrownBy(() => driver.createTensor(memory, "table", { dtype: kept }));
      expect(thrownBy(() => narrowWeight(memory, kept)).message).toBe(message);
    }
    const file = driver.createTensor(inTableFile("spoilt", view, 1), "table", { dtype: kept });
    expect(await lookup(file, [16, 18, 69], cols)).toHaveLength(3 * cols);
    await expect(lookup(file, [16, 18, 17, 3], cols)).rejects.toEqual(refused);
    expect(await lookup(file, [69], cols)).toHaveLength(cols);
  });

  function thrownBy(call: () => unknown): Error {
    try {
      call();
    } catch (error) {
      return error as Error;
    }
    throw new Error("nothing was thrown");
  }

  /** Core refuses to narrow infinity, so its pattern is written over a number. */
  function withInfinity(values: Float32Array, stored: "f16" | "bf16", at: number): WeightView {
    const sign = (values[at] ?? 0) < 0 ? 0x8000 : 0;
    const view = narrowWeight(
      weightView(
        "spoilt",
        [rows, cols],
        values.map((value, i) => (i === at ? 0 : value)),
      ),
      stored,
    );
    const bytes = view.bytes().slice();
    new DataView(bytes.buffer).setUint16(2 * at, sign | (stored === "f16" ? 0x7c00 : 0x7f80), true);
    return { ...view, bytes: () => bytes };
  }
});

test.each(["table", "matrix"] as const)("a %s with fewer scales than rows is refused", (role) => {
  const view = narrowWeight(weightView("bytes", [40, 3], wave(120)), "i8");
  const short = {
    ...view,
    scales: { ...weightView("s", [40], wave(40).map(Math.abs)), bytes: () => new Uint8Array(156) },
  };
  for (const each of [inOddMemory("bytes", short), inTableFile("bytes", short, 2)]) {
    expect(() => driver.createTensor(each, role)).toThrow(
      /bytes.*has 156 bytes of scales where its rows want 160/,
    );
  }
});

test("scales of 0, the smallest subnormal and 2^120 are applied exactly", async () => {
  const values = Int8Array.of(-128, 127, 1, -128, 127, 1, -1, 0, 1);
  const scales = Float32Array.of(0, 2 ** -149, 2 ** 120);
  const view: WeightView = {
    ...inFile("bytes", [3, 3], new Uint8Array(values.buffer), "i8", 1),
    scales: weightView("bytes_scale", [3], scales),
  };
  const table = driver.createTensor(view, "table");
  const tiny = [-128 * 2 ** -149, 127 * 2 ** -149, 2 ** -149];
  expect(await lookup(table, [0, 1, 2], 3)).toEqual(
    Float32Array.of(-0, 0, 0, ...tiny, -(2 ** 120), 0, 2 ** 120),
  );
});

test.each(["f32", "i8"] as const)(
  "a table of %s that was written to after it was opened is refused",
  async (stored) => {
    const view = narrowWeight(weightView("changed", [rows, 9], wave(rows * 9)), stored);
    const filed = inTableFile("changed", view, 0);
    const table = driver.createTensor(filed, "table", { dtype: "i8" });
    expect(await lookup(table, [5], 9)).toHaveLength(9);
    utimesSync(filed.file?.path ?? "", new Date(), new Date());
    await expect(lookup(table, [5], 9)).rejects.toMatchObject({
      code: "MODEL_FILE",
      tensor: "changed",
      message: expect.stringContaining("was changed after the model was opened"),
    });
  },
);

describe("a huge table in a file takes no memory", () => {
  const cols = 1024;
  const sparse = (
    name: string,
    count: number,
    last: Uint8Array,
    byteLength: number,
  ): WeightView => {
    const path = join(folder, name);
    const file = openSync(path, "w");
    ftruncateSync(file, byteLength);
    writeSync(file, last, 0, last.length, byteLength - last.length);
    closeSync(file);
    const bytes = () => {
      throw new Error("a weight in a file must not be read by JavaScript");
    };
    const dtype = byteLength === count * cols ? "i8" : "f32";
    return { name, dtype, shape: [count, cols], byteLength, bytes, file: { path, byteOffset: 0 } };
  };

  test.each(["f16", "bf16", "i8"] as const)("6 GB of f32 as %s", async (kept) => {
    const count = 1_500_000;
    const last = wave(cols);
    const view = sparse("sparse", count, bytesOf(last), count * cols * 4);
    const rss = process.memoryUsage.rss();
    const table = driver.createTensor(view, "table", { dtype: kept });
    const found = await lookup(table, [count - 1, 5], cols);
    const row = toF32(narrowWeight(weightView("row", [1, cols], last), kept));
    expect(found).toEqual(Float32Array.of(...row, ...new Float32Array(cols)));
    expect(process.memoryUsage.rss() - rss).toBeLessThan(64 << 20);
  });

  test("3 GB of i8 with its scales", async () => {
    const count = 3_000_000;
    const row = narrowWeight(weightView("row", [1, cols], wave(cols)), "i8");
    const scales = new Float32Array(count).fill(1);
    scales.set(row.scales ? toF32(row.scales) : [], count - 1);
    const view = {
      ...sparse("sparse.i8", count, row.bytes(), count * cols),
      scales: weightView("sparse.i8_scale", [count, 1], scales),
    };
    const rss = process.memoryUsage.rss();
    const table = driver.createTensor(view, "table");
    expect(await lookup(table, [count - 1, 5], cols)).toEqual(
      Float32Array.of(...toF32(row), ...new Float32Array(cols)),
    );
    expect(process.memoryUsage.rss() - rss).toBeLessThan(64 << 20);
  });
});
