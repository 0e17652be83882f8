import {
  closeSync,
  ftruncateSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { ModelFileError, ShapeError } from "@ripvec/core";
import { describe, expect, test } from "vitest";
import { wave } from "./support/passes.js";
import {
  bytesOf,
  driver,
  folder,
  inFile,
  inMemory,
  inPieces,
  linear,
  lookup,
} from "./support/weights.js";

describe("a file", () => {
  test("that changed after the model was opened is refused with its name", async () => {
    const view = inFile("changed", [64, 64], bytesOf(wave(64 * 64)), "f32");
    const path = view.file?.path ?? "";
    const { dev, ino, size, mtimeNs } = statSync(path, { bigint: true });
    const identity = { device: dev, inode: ino, byteLength: Number(size), modifiedNs: mtimeNs };
    const opened = { ...view, file: { path, byteOffset: 0, identity } };
    const table = driver.createTensor(opened, "table");
    expect(await lookup(table, [63], 64)).toEqual(wave(64 * 64).subarray(63 * 64));
    const others = [
      { ...identity, inode: ino + 1n },
      { ...identity, byteLength: identity.byteLength + 1 },
      { ...identity, modifiedNs: mtimeNs + 1n },
    ];
    for (const role of ["matrix", "table", "vector"] as const) {
      for (const other of others) {
        const changed = { ...view, file: { path, byteOffset: 0, identity: other } };
        expect(() => driver.createTensor(changed, role)).toThrow(
          expect.objectContaining({ code: "MODEL_FILE", path, tensor: "changed" }),
        );
      }
    }
    utimesSync(path, new Date(), new Date());
    await expect(lookup(table, [63], 64)).rejects.toMatchObject({
      code: "MODEL_FILE",
      path,
      tensor: "changed",
      message: expect.stringContaining("it was written to"),
    });
  });

  test("that ends too early is refused with the tensor's name and path", () => {
    const view = inFile("cut", [64, 64], bytesOf(wave(64 * 64)), "f32", 8);
    truncateSync(view.file?.path ?? "", 8 + 64 * 64 * 4 - 1);
    for (const role of ["matrix", "table"] as const) {
      expect(() => driver.createTensor(view, role)).toThrow(ModelFileError);
      expect(() => driver.createTensor(view, role)).toThrow(/cut.*the file ends at byte 16391/);
    }
  });

  test("that holds a piece and ends too early is refused too", () => {
    const bytes = bytesOf(wave(64 * 64));
    const view = inPieces("pieces", inMemory("", [64, 64], bytes, "f32"), bytes);
    truncateSync(view.parts?.[3]?.path ?? "", 100);
    for (const role of ["matrix", "vector"] as const) {
      expect(() => driver.createTensor(view, role)).toThrow(ModelFileError);
      expect(() => driver.createTensor(view, role)).toThrow(/pieces.*the file ends at byte 100/);
    }
  });

  test("whose pieces are not as long as the tensor is refused", () => {
    const bytes = bytesOf(wave(64 * 64));
    const view = inPieces("pieces", inMemory("", [64, 64], bytes, "f32"), bytes);
    const parts = view.parts?.slice(1);
    expect(() => driver.createTensor({ ...view, parts }, "matrix")).toThrow(ShapeError);
    expect(() => driver.createTensor({ ...view, parts }, "matrix")).toThrow(/pieces\.parts/);
  });

  test("that is cut before a matrix is read makes the pass fail with the tensor's name", async () => {
    // The matrices are wide enough that they are still being read when the second file is cut.
    const before = inFile("before", [512, 4096], bytesOf(wave(512 * 4096)), "f32");
    const view = inFile("cut", [64, 64], bytesOf(wave(64 * 64)), "f32");
    for (let i = 0; i < 8; i++) driver.createTensor(before, "matrix");
    const weight = driver.createTensor(view, "matrix");
    truncateSync(view.file?.path ?? "", 100);
    const pass = linear(weight, [64, 64]);
    await expect(pass).rejects.toThrow(ModelFileError);
    await expect(pass).rejects.toThrow(/tensor "cut": was changed .*it had 16384 bytes, now 100/);
  });

  test("that is cut while it holds a table makes the pass fail, and does not end the process", async () => {
    const view = inFile("later", [64, 64], bytesOf(wave(64 * 64)), "f32");
    const table = driver.createTensor(view, "table");
    expect(await lookup(table, [63], 64)).toEqual(wave(64 * 64).subarray(63 * 64));
    truncateSync(view.file?.path ?? "", 100);
    await expect(lookup(table, [63], 64)).rejects.toThrow(ModelFileError);
  });

  test("that was deleted is refused", () => {
    const view = inFile("gone", [2, 2], bytesOf(wave(4)), "f32");
    rmSync(view.file?.path ?? "");
    expect(() => driver.createTensor(view, "table")).toThrow(ModelFileError);
  });

  test("that was replaced by another of the same name is opened again", async () => {
    const first = inFile("same", [1, 4], bytesOf(wave(4)), "f32");
    const before = driver.createTensor(first, "table");
    rmSync(first.file?.path ?? "");
    const second = inFile("same", [1, 4], bytesOf(wave(4, 9)), "f32");
    const after = driver.createTensor(second, "table");
    expect(await lookup(before, [0], 4)).toEqual(wave(4));
    expect(await lookup(after, [0], 4)).toEqual(wave(4, 9));
  });

  test("with a table of 6 GB opens without being read", async () => {
    const cols = 1024;
    const rows = 1_500_000;
    const path = join(folder, "sparse");
    const file = openSync(path, "w");
    ftruncateSync(file, rows * cols * 4);
    writeSync(file, bytesOf(wave(cols)), 0, cols * 4, (rows - 1) * cols * 4);
    closeSync(file);
    const rss = process.memoryUsage.rss();
    const table = driver.createTensor(
      {
        name: "sparse",
        dtype: "f32",
        shape: [rows, cols],
        byteLength: rows * cols * 4,
        bytes: () => new Uint8Array(0),
        file: { path, byteOffset: 0 },
      },
      "table",
    );
    const found = await lookup(table, [rows - 1, 5], cols);
    expect(found).toEqual(Float32Array.of(...wave(cols), ...new Float32Array(cols)));
    expect(process.memoryUsage.rss() - rss).toBeLessThan(64 << 20);
  });
});
