import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeviceError,
  type Driver,
  type DType,
  DTypeError,
  dtypeByteLength,
  ModelFileError,
  ShapeError,
  sizeOf,
  type Tensor,
  TensorStateError,
  type WeightView,
  weightView,
} from "@ripvec/core";
import { encodeTensor } from "@ripvec/driver-testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cpu } from "../src/index.js";
import { wave } from "./support/passes.js";

let folder: string;
let driver: Driver;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ripvec-weights-"));
  driver = await cpu({ threads: 2 });
});
afterEach(async () => {
  await driver.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A file of `pad` bytes and then `values` in `dtype`, as a view that a driver may read itself. */
function inFile(
  name: string,
  shape: readonly number[],
  bytes: Uint8Array,
  dtype: DType,
  pad = 0,
): WeightView {
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([Buffer.alloc(pad), bytes]));
  return {
    name,
    dtype,
    shape,
    byteLength: sizeOf(shape) * dtypeByteLength(dtype),
    bytes: () => {
      throw new Error("a weight in a file must not be read by JavaScript");
    },
    file: { path, byteOffset: pad },
  };
}

/** The same in pieces that end anywhere, each in a file of its own behind `pad` bytes but the first two. */
function inPieces(name: string, of: Omit<WeightView, "bytes">, bytes: Uint8Array): WeightView {
  const cuts = [0, 1, 7, bytes.length / 2 - 3, bytes.length - 2, bytes.length].map(Math.floor);
  const pieces = cuts.slice(1).map((end, i) => ({ byteOffset: cuts[i] ?? 0, end }));
  return {
    ...of,
    name,
    bytes: () => {
      throw new Error("a weight in files must not be read by JavaScript");
    },
    file: undefined,
    parts: pieces.map(({ byteOffset, end }, i) => {
      const path = join(folder, `${name}.${Math.max(1, i)}`);
      const pad = Math.max(0, i - 1) * 5;
      const whole = i < 2 ? bytes : Buffer.concat([Buffer.alloc(pad), bytes.subarray(byteOffset)]);
      writeFileSync(path, whole);
      return { path, byteOffset: i < 2 ? byteOffset : pad, byteLength: end - byteOffset };
    }),
  };
}

function inMemory(
  name: string,
  shape: readonly number[],
  bytes: Uint8Array,
  dtype: DType,
): WeightView {
  return { name, dtype, shape, byteLength: bytes.byteLength, bytes: () => bytes };
}

const bytesOf = (array: Float32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

function linear(
  weight: Tensor,
  [outputs, inputs]: readonly [number, number],
): Promise<Float32Array> {
  return driver.run((ops) => {
    const out = ops.alloc("f32", [3, outputs]);
    ops.linear({ x: ops.input(wave(3 * inputs, 5), [3, inputs]), weight, out });
    return out;
  });
}

const difference = (a: Float32Array, b: Float32Array): number =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN))));

function lookup(table: Tensor, ids: readonly number[], cols: number): Promise<Float32Array> {
  return driver.run((ops) => {
    const out = ops.alloc("f32", [ids.length, cols]);
    ops.embedding_lookup({ table, ids: ops.input(Int32Array.from(ids), [ids.length]), out });
    return out;
  });
}

const shape = [37, 29] as const;
/** Exact in f16 and bf16 alike, so that every dtype must give the same result. */
const coarse = wave(shape[0] * shape[1]).map((value) => Math.round(value * 64) / 64);
const dtypes = ["f32", "f16", "bf16"] as const;
const encoded = (dtype: (typeof dtypes)[number]): Uint8Array =>
  encodeTensor("coarse", shape, coarse, dtype).bytes;

describe.each(dtypes)("%s", (dtype) => {
  test("a matrix means the same from memory, from a file, and at an odd offset of it", async () => {
    const bytes = encoded(dtype);
    const expected = await linear(
      driver.createTensor(weightView("reference", shape, coarse), "matrix"),
      shape,
    );
    const views = [
      inMemory("memory", shape, bytes, dtype),
      inFile("aligned", shape, bytes, dtype, 64),
      inFile("odd", shape, bytes, dtype, 13),
      inPieces("pieces", inMemory("", shape, bytes, dtype), bytes),
    ];
    for (const view of views) {
      expect(await linear(driver.createTensor(view, "matrix"), shape)).toEqual(expected);
    }
  });

  test("so does a table", async () => {
    const bytes = encoded(dtype);
    const ids = [36, 0, 7, 7];
    const expected = Float32Array.from(
      ids.flatMap((id) => [...coarse.subarray(id * shape[1], (id + 1) * shape[1])]),
    );
    const views = [
      inMemory("memory", shape, bytes, dtype),
      inFile("aligned", shape, bytes, dtype, 64),
      inFile("odd", shape, bytes, dtype, 13),
    ];
    for (const view of views) {
      expect(await lookup(driver.createTensor(view, "table"), ids, shape[1])).toEqual(expected);
    }
  });

  test("a table in several pieces is read by JavaScript", async () => {
    const bytes = encoded(dtype);
    const pieces = inPieces("pieces", inMemory("", shape, bytes, dtype), bytes);
    const table = driver.createTensor({ ...pieces, bytes: () => bytes }, "table");
    expect(await lookup(table, [36], shape[1])).toEqual(coarse.subarray(36 * shape[1]));
  });

  test("a vector becomes f32, from bytes at an odd address and from files too", async () => {
    const bytes = encoded(dtype);
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    const size = [coarse.length];
    const views = [
      inMemory("bias", size, shifted.subarray(1), dtype),
      inFile("odd", size, bytes, dtype, 13),
      inPieces("pieces", inMemory("", size, bytes, dtype), bytes),
    ];
    for (const view of views) {
      const vector = driver.createTensor(view, "vector");
      expect(vector.dtype).toBe("f32");
      const read = await driver.run((ops) => {
        const out = ops.alloc("f32", size);
        ops.copy({ x: vector, out });
        return out;
      });
      expect(read).toEqual(coarse);
    }
  });
});

describe.each(["f16", "bf16", "i8"] as const)("kept in %s", (kept) => {
  test.each(dtypes)("a matrix of %s means the same wherever it comes from", async (dtype) => {
    const bytes = encoded(dtype);
    const views = [
      weightView("reference", shape, coarse),
      inMemory("memory", shape, bytes, dtype),
      inFile("aligned", shape, bytes, dtype, 64),
      inFile("odd", shape, bytes, dtype, 13),
      inPieces("pieces", inMemory("", shape, bytes, dtype), bytes),
    ];
    const [expected = new Float32Array(), ...others] = await Promise.all(
      views.map((view) => {
        const weight = driver.createTensor(view, "matrix", { dtype: kept });
        expect(weight.dtype).toBe(kept);
        return linear(weight, shape);
      }),
    );
    for (const other of others) expect(other).toEqual(expected);
    const exact = await linear(
      driver.createTensor(weightView("exact", shape, coarse), "matrix"),
      shape,
    );
    if (kept === "i8") expect(difference(expected, exact)).toBeLessThan(0.05);
    else expect(expected).toEqual(exact);
  });

  test("a value that it cannot hold is refused by the tensor's name", async () => {
    const values = coarse.slice();
    values[500] = kept === "i8" ? Number.NaN : 3.4e38;
    const fromMemory = weightView("in.memory", shape, values);
    expect(() => driver.createTensor(fromMemory, "matrix", { dtype: kept })).toThrow(
      ModelFileError,
    );
    expect(() => driver.createTensor(fromMemory, "matrix", { dtype: kept })).toThrow(/in\.memory/);
    const weight = driver.createTensor(inFile("in.file", shape, bytesOf(values), "f32"), "matrix", {
      dtype: kept,
    });
    const pass = linear(weight, shape);
    await expect(pass).rejects.toThrow(ModelFileError);
    await expect(pass).rejects.toThrow(
      kept === "i8"
        ? /tensor "in\.file": row 17, column 7 is NaN/
        : new RegExp(`tensor "in\\.file": .*${kept}`),
    );
  });
});

test("a matrix too wide for exact sums of bytes is refused", () => {
  const view = weightView("wide", [1, 66_312], new Float32Array(66_312));
  expect(() => driver.createTensor(view, "matrix", { dtype: "i8" })).toThrow(DeviceError);
  expect(driver.createTensor(view, "matrix", { dtype: "bf16" }).dtype).toBe("bf16");
});

test("weights of other dtypes are refused by name", () => {
  const view = inMemory("counts", [2, 2], new Uint8Array(16), "i32");
  for (const role of ["matrix", "table"] as const) {
    expect(() => driver.createTensor(view, role)).toThrow(DTypeError);
    expect(() => driver.createTensor(view, role)).toThrow(/counts/);
  }
});

test.each(["matrix", "table", "vector"] as const)(
  "a %s whose view reads fewer or more bytes than it says is refused by name",
  (role) => {
    const view = weightView("w", [2, 3], wave(6));
    for (const byteLength of [20, 28]) {
      const lying = { ...view, bytes: () => new Uint8Array(byteLength) };
      expect(() => driver.createTensor(lying, role)).toThrow(ModelFileError);
      expect(() => driver.createTensor(lying, role)).toThrow(
        new RegExp(`w.* ${byteLength} bytes where its shape wants 24`),
      );
    }
  },
);

describe("a weight that is not finite is refused by tensor and place", () => {
  const values = (at: number, value: number): Uint8Array => {
    const all = coarse.slice();
    all[at] = value;
    return bytesOf(all);
  };
  const at = 17 * shape[1] + 7;

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "%s",
    async (value) => {
      const shown = String(value).replace("Infinity", "infinity");
      const facts = (name: string, place: string) => ({
        code: "MODEL_FILE",
        tensor: name,
        message: expect.stringContaining(`${place} is ${shown}`),
      });
      const bytes = values(at, value);
      const memory = inMemory("memory", shape, bytes, "f32");
      expect(() => driver.createTensor(memory, "matrix")).toThrow(
        expect.objectContaining(facts("memory", "row 17, column 7")),
      );
      const vector = inFile("vector", [coarse.length], bytes, "f32");
      expect(() => driver.createTensor(vector, "vector")).toThrow(
        expect.objectContaining(facts("vector", `column ${at}`)),
      );
      const matrix = driver.createTensor(inFile("matrix", shape, bytes, "f32"), "matrix");
      await expect(linear(matrix, shape)).rejects.toMatchObject(
        facts("matrix", "row 17, column 7"),
      );
      const table = driver.createTensor(inFile("table", shape, bytes, "f32", 3), "table");
      expect(await lookup(table, [16, 18], shape[1])).toHaveLength(2 * shape[1]);
      await expect(lookup(table, [3, 17], shape[1])).rejects.toMatchObject(
        facts("table", "row 17, column 7"),
      );
    },
  );
});

describe("a file", () => {
  test("that is not what it was when the model was opened is refused by name", async () => {
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

  test("that is cut before a matrix is read makes the pass fail by the tensor's name", async () => {
    // Wide enough that the matrix before it is still read when the second file is cut.
    const before = inFile("before", [512, 4096], bytesOf(wave(512 * 4096)), "f32");
    const view = inFile("cut", [64, 64], bytesOf(wave(64 * 64)), "f32");
    for (let i = 0; i < 8; i++) driver.createTensor(before, "matrix");
    const weight = driver.createTensor(view, "matrix");
    truncateSync(view.file?.path ?? "", 100);
    const pass = linear(weight, [64, 64]);
    await expect(pass).rejects.toThrow(ModelFileError);
    await expect(pass).rejects.toThrow(/tensor "cut": was changed .*it had 16384 bytes, now 100/);
  });

  test("that is cut under a table makes the pass fail, not the process", async () => {
    const view = inFile("later", [64, 64], bytesOf(wave(64 * 64)), "f32");
    const table = driver.createTensor(view, "table");
    expect(await lookup(table, [63], 64)).toEqual(wave(64 * 64).subarray(63 * 64));
    truncateSync(view.file?.path ?? "", 100);
    await expect(lookup(table, [63], 64)).rejects.toThrow(ModelFileError);
  });

  test("that is gone is refused", () => {
    const view = inFile("gone", [2, 2], bytesOf(wave(4)), "f32");
    rmSync(view.file?.path ?? "");
    expect(() => driver.createTensor(view, "table")).toThrow(ModelFileError);
  });

  test("that was replaced under its name is opened anew", async () => {
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

test("a released weight cannot be used, and a pass in flight still finishes", async () => {
  const weight = driver.createTensor(weightView("w", shape, coarse), "matrix");
  const expected = await linear(weight, shape);
  const running = linear(weight, shape);
  driver.releaseTensor(weight);
  expect(await running).toEqual(expected);
  await expect(linear(weight, shape)).rejects.toThrow(TensorStateError);
});

test("weights released while a pass is recorded make it fail", async () => {
  const weight = driver.createTensor(weightView("w", shape, coarse), "matrix");
  const pass = driver.run((ops) => {
    const out = ops.alloc("f32", [1, shape[0]]);
    ops.linear({ x: ops.input(wave(shape[1]), [1, shape[1]]), weight, out });
    driver.releaseTensor(weight);
    return out;
  });
  await expect(pass).rejects.toThrow(DeviceError);
});
