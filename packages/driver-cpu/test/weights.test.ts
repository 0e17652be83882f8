import { DeviceError, DTypeError, ModelFileError, TensorStateError } from "@ripvec/core";
import { weightView } from "@ripvec/core/driver";
import { encodeTensor } from "@ripvec/driver-testkit";
import { describe, expect, test } from "vitest";
import { wave } from "./support/passes.js";
import {
  bytesOf,
  difference,
  driver,
  inFile,
  inMemory,
  inPieces,
  linear,
  lookup,
} from "./support/weights.js";

const shape = [37, 29] as const;
/** The values are exact in both f16 and bf16, so that every dtype must give the same result. */
const coarse = wave(shape[0] * shape[1]).map((value) => Math.round(value * 64) / 64);
const dtypes = ["f32", "f16", "bf16"] as const;
const encoded = (dtype: (typeof dtypes)[number]): Uint8Array =>
  encodeTensor("coarse", shape, coarse, dtype).bytes;

describe.each(dtypes)("%s", (dtype) => {
  test("a matrix gives the same result from memory, from a file, and at an odd offset of a file", async () => {
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

  test("a table gives the same result from memory and from a file", async () => {
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

  test("a vector becomes f32, also from bytes at an odd address and from files", async () => {
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
  test.each(dtypes)("a matrix of %s gives the same result from any source", async (dtype) => {
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

  test("a value that the dtype cannot hold is refused with the tensor's name", async () => {
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
  const view = weightView("wide", [1, 65_794], new Float32Array(65_794));
  expect(() => driver.createTensor(view, "matrix", { dtype: "i8" })).toThrow(DeviceError);
  expect(driver.createTensor(view, "matrix", { dtype: "bf16" }).dtype).toBe("bf16");
});

test("a table of that width, which is never multiplied, is kept in i8", async () => {
  const width = 65_794;
  const values = new Float32Array(2 * width).fill(127, width);
  const views = [
    weightView("memory", [2, width], values),
    inFile("file", [2, width], bytesOf(values), "f32"),
  ];
  for (const view of views) {
    const table = driver.createTensor(view, "table", { dtype: "i8" });
    expect(await lookup(table, [1], width)).toEqual(values.subarray(width));
  }
});

test("weights of other dtypes are refused with their name", () => {
  const view = inMemory("counts", [2, 2], new Uint8Array(16), "i32");
  for (const role of ["matrix", "table"] as const) {
    expect(() => driver.createTensor(view, role)).toThrow(DTypeError);
    expect(() => driver.createTensor(view, role)).toThrow(/counts/);
  }
});

test.each(["matrix", "table", "vector"] as const)(
  "a %s whose view reads fewer or more bytes than its shape needs is refused with its name",
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

describe("a weight that is not finite is refused with its tensor and place", () => {
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

test("a released weight cannot be used, and a pass in flight still finishes", async () => {
  const weight = driver.createTensor(weightView("w", shape, coarse), "matrix");
  const expected = await linear(weight, shape);
  const running = linear(weight, shape);
  driver.releaseTensor(weight);
  expect(await running).toEqual(expected);
  await expect(linear(weight, shape)).rejects.toThrow(TensorStateError);
});

test("a pass whose weights are released while it is recorded fails", async () => {
  const weight = driver.createTensor(weightView("w", shape, coarse), "matrix");
  const pass = driver.run((ops) => {
    const out = ops.alloc("f32", [1, shape[0]]);
    ops.linear({ x: ops.input(wave(shape[1]), [1, shape[1]]), weight, out });
    driver.releaseTensor(weight);
    return out;
  });
  await expect(pass).rejects.toThrow(DeviceError);
});
