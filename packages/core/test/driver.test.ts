import {
  ArgumentError,
  ClosedError,
  type Driver,
  DTypeError,
  InputError,
  ModelFileError,
  ShapeError,
  TensorStateError,
  UnsupportedError,
  type WeightDType,
} from "@ripvec/core";
import { sliceRows } from "@ripvec/core/arch";
import {
  createDriver,
  type TensorOptions,
  type TensorRole,
  type WeightView,
  weightView,
} from "@ripvec/core/driver";
import { expect, test } from "vitest";
import { deferred, settle } from "./support/backend.js";
import { ToyImplementation, ToyLog, toyDriver } from "./support/toy-driver.js";

const zero = (driver: Driver) => driver.run((ops) => ops.allocZeroed("f32", [1]));
const bias = (driver: Driver) =>
  driver.createTensor(weightView("bias", [2], Float32Array.of(1, 2)), "vector");

test("says what its implementation says, and which kernels it has", () => {
  const { driver, log } = toyDriver({ device: "toy 9000" });
  expect(driver).toMatchObject({ specVersion: 2, name: "toy", supportsClone: true, closed: false });
  expect(driver.capabilities.device).toBe("toy 9000");
  expect([...driver.kernelNames].sort()).toEqual([
    "add_bias",
    "copy",
    "embedding_lookup",
    "mean_pool",
  ]);
  expect(log.abandoned).toBe(1);
});

test("close waits for passes in flight, closes once, and later calls are refused", async () => {
  const { driver, log } = toyDriver();
  const held = deferred<void>();
  log.answer = (bytes) => held.promise.then(() => bytes);
  const tensor = bias(driver);
  const running = zero(driver);
  const closing = driver.close();
  expect(driver.close()).toBe(closing);
  expect(driver.closed).toBe(true);
  await settle();
  expect(log.closes).toBe(0);
  held.resolve();
  expect(await running).toEqual(Float32Array.of(0));
  await closing;
  await driver[Symbol.asyncDispose]();
  expect(log.closes).toBe(1);
  await expect(zero(driver)).rejects.toBeInstanceOf(ClosedError);
  expect(() => bias(driver)).toThrow(ClosedError);
  expect(() => driver.clone()).toThrow(ClosedError);
  expect(() => driver.releaseTensor(tensor)).not.toThrow();
  expect(log.weights).toBe(1);
});

test("close resolves after a pass that failed", async () => {
  const { driver, log } = toyDriver();
  const error = new Error("lost");
  log.answer = () => Promise.reject(error);
  const running = zero(driver);
  const closing = driver.close();
  await expect(running).rejects.toBe(error);
  await closing;
  expect(log.closes).toBe(1);
});

test("a pass whose recording closes the driver is abandoned", async () => {
  const { driver, log } = toyDriver();
  let closing: Promise<void> | undefined;
  const running = driver.run((ops) => {
    closing = driver.close();
    return ops.allocZeroed("f32", [1]);
  });
  await expect(running).rejects.toBeInstanceOf(ClosedError);
  await closing;
  expect([log.abandoned, log.passes.length]).toEqual([1, 0]);
});

test("clones share weights until the last of them is closed", async () => {
  const { driver, log } = toyDriver();
  const tensor = bias(driver);
  const clone = driver.clone();
  const use = (by: Driver) =>
    by.run((ops) => {
      const out = ops.alloc("f32", [1, 2]);
      ops.add_bias({ x: ops.input(new Float32Array(2), [1, 2]), bias: tensor as never, out });
      return out;
    });
  expect(await use(clone)).toEqual(Float32Array.of(1, 2));
  await driver.close();
  expect(await use(clone)).toEqual(Float32Array.of(1, 2));
  expect(() => driver.releaseTensor(tensor)).toThrow(ClosedError);
  const last = clone.clone();
  await clone.close();
  expect(await use(last)).toEqual(Float32Array.of(1, 2));
  last.releaseTensor(tensor);
  last.releaseTensor(tensor);
  expect(log.weights).toBe(0);
  await expect(use(last)).rejects.toBeInstanceOf(TensorStateError);
  await last.close();
  expect(log.open).toBe(0);
});

test("clone of a driver that cannot be cloned throws UnsupportedError", () => {
  const driver = createDriver(new ToyImplementation(new ToyLog(), {}, false));
  expect(driver.supportsClone).toBe(false);
  expect(() => driver.clone()).toThrow(UnsupportedError);
});

test("releaseTensor takes weights of this driver only", async () => {
  const { driver } = toyDriver();
  expect(() => driver.releaseTensor(bias(toyDriver().driver))).toThrow(TensorStateError);
  expect(() => driver.releaseTensor({} as never)).toThrow(TensorStateError);
});

const view = (changes: Partial<WeightView>): WeightView => ({
  ...weightView("w", [2, 3], new Float32Array(6)),
  ...changes,
});

test("weights are checked before the driver sees them", () => {
  const { driver, log } = toyDriver();
  const wrong: [WeightView, "matrix" | "table" | "vector", new (...args: never[]) => Error][] = [
    [view({ dtype: "i64", byteLength: 48 }), "matrix", DTypeError],
    [view({ dtype: "i8", byteLength: 6 }), "vector", DTypeError],
    [view({ shape: [6] }), "matrix", ShapeError],
    [view({ shape: [1, 2, 3] }), "table", ShapeError],
    [view({ byteLength: 20 }), "vector", ShapeError],
    [view({ dtype: "f16" }), "vector", ShapeError],
  ];
  for (const [weight, role, type] of wrong) {
    expect(() => driver.createTensor(weight, role)).toThrow(type);
  }
  expect(log.weights).toBe(0);
  const tensor = driver.createTensor(view({ dtype: "bf16", byteLength: 12 }), "vector");
  expect(tensor).toMatchObject({ dtype: "f32", shape: [2, 3], size: 6 });
  const rows = driver.createTensor(sliceRows(view({}), 1), "table");
  expect(rows.shape).toEqual([1, 3]);
});

test("a matrix or table is kept in the given dtype, whatever the checkpoint has", () => {
  const { driver, log } = toyDriver({ weightDtypes: new Set(["f32", "f16", "i8"]) });
  const stored = view({ dtype: "f16", byteLength: 12 });
  const make = (role: TensorRole, options?: TensorOptions) =>
    driver.createTensor(stored, role, options).dtype;
  expect(make("matrix")).toBe("f32");
  expect(make("matrix", {})).toBe("f32");
  expect(make("matrix", { dtype: "i8" })).toBe("i8");
  expect(make("matrix", { dtype: "f16" })).toBe("f16");
  expect(make("table", { dtype: undefined })).toBe("f16");
  expect(make("table", { dtype: "i8" })).toBe("i8");
  expect(make("table", { dtype: "f32" })).toBe("f32");
  expect(log.kept).toEqual(["f32", "f32", "i8", "f16", "f16", "i8", "f32"]);
});

const eightBit = view({
  dtype: "i8",
  byteLength: 6,
  bytes: () => Uint8Array.of(1, 2, 3, 0x81, 0, 127),
  scales: weightView("w_scale", [2, 1], Float32Array.of(0.5, 2)),
});

test("an i8 matrix or table stays i8 if the driver has i8, else it becomes f32", () => {
  const made = (weightDtypes: ReadonlySet<WeightDType>, dtype?: WeightDType) => {
    const { driver, log } = toyDriver({ weightDtypes });
    const [matrix, table] = (["matrix", "table"] as const).map((role) =>
      driver.createTensor(eightBit, role, { dtype }),
    );
    expect(matrix?.dtype).toBe(table?.dtype);
    return [matrix?.dtype, log.given.map((each) => [...each.values])];
  };
  const values = [0.5, 1, 1.5, -254, 0, 254];
  expect(made(new Set(["f32", "i8"]))).toEqual(["i8", [values, values]]);
  expect(made(new Set(["f32", "i8"]), "f32")).toEqual(["f32", [values, values]]);
  expect(made(new Set(["f32"]))).toEqual(["f32", [values, values]]);
});

test("a driver gets an i8 view only for a weight that it keeps in i8", () => {
  const { driver, log } = toyDriver({ weightDtypes: new Set(["f32", "f16", "i8"]) });
  for (const dtype of ["i8", "f16", "f32", undefined] as const) {
    driver.createTensor(eightBit, "matrix", { dtype });
  }
  expect(log.given.map(({ dtype }) => dtype)).toEqual(["i8", "f32", "f32", "i8"]);
});

test.each([
  [undefined, "is i8 without the scales of its rows: expected a tensor w_scale"],
  [
    weightView("s", [3, 1], new Float32Array(3)),
    'tensor "s": is f32 [3, 1]. As the scales of w, i8 [2, 3]',
  ],
  [
    weightView("s", [2, 3], new Float32Array(6)),
    'tensor "s": is f32 [2, 3]. As the scales of w, i8 [2, 3]',
  ],
  [view({ name: "s", shape: [2], dtype: "i32", byteLength: 8 }), 'tensor "s": is i32 [2]'],
  [weightView("s", [2], Float32Array.of(1, Number.NaN)), 'tensor "s": the scale of row 1 is NaN;'],
  [weightView("s", [2], Float32Array.of(-1, 1)), 'tensor "s": the scale of row 0 is -1;'],
  [weightView("s", [2, 1], Float32Array.of(0, Infinity)), "the scale of row 1 is Infinity;"],
])("an i8 view whose scales do not fit is refused for every driver, %#", (scales, message) => {
  for (const dtypes of [["f32", "i8"], ["f32"]] as const) {
    const { driver, log } = toyDriver({ weightDtypes: new Set(dtypes) });
    for (const role of ["table", "matrix"] as const) {
      const make = () => driver.createTensor({ ...eightBit, scales }, role);
      expect(make).toThrow(ModelFileError);
      expect(make).toThrow(message);
    }
    expect(log.weights).toBe(0);
  }
});

test.each([
  [{ dtype: "bf16", byteLength: 4, bytes: () => Uint8Array.of(0, 0x3f, 0, 0x40) } as const],
  [{ byteLength: 8, bytes: () => new Uint8Array(Float32Array.of(0.5, 2).buffer) }],
])("scales are read once, and a driver gets them in f32, %#", (stored) => {
  for (const weightDtypes of [new Set(["f32", "i8"] as const), new Set(["f32"] as const)]) {
    const { driver, log } = toyDriver({ weightDtypes });
    let reads = 0;
    const bytes = () => {
      reads++;
      return stored.bytes();
    };
    const scales = view({ ...stored, name: "s", shape: [2, 1], bytes });
    driver.createTensor({ ...eightBit, scales }, "matrix");
    expect(reads).toBe(1);
    expect(log.given.map(({ values }) => [...values])).toEqual([[0.5, 1, 1.5, -254, 0, 254]]);
  }
});

test("a dtype that the driver lacks, or for a vector, is refused before the driver sees it", () => {
  const { driver, log } = toyDriver({ weightDtypes: new Set(["f32", "i8"]) });
  const make = (role: TensorRole, dtype: WeightDType) => () =>
    driver.createTensor(view({}), role, { dtype });
  expect(make("matrix", "f16")).toThrow(UnsupportedError);
  expect(make("matrix", "f16")).toThrow(
    'unsupported weight dtype of driver toy "f16"; supported: f32, i8',
  );
  expect(make("table", "f16")).toThrow(UnsupportedError);
  expect(make("vector", "i8")).toThrow(InputError);
  expect(make("vector", "f32")).toThrow(
    "dtype must be absent for role vector, got f32; only the roles matrix and table accept it",
  );
  expect(log.weights).toBe(0);
});

test("two drivers at once do not mix their passes", async () => {
  const [a, b] = [toyDriver().driver, toyDriver().driver];
  const error = await a
    .run((ops) => {
      const mine = ops.alloc("f32", [1]);
      void b
        .run((others) => {
          expect(() => others.copy({ x: mine, out: others.alloc("f32", [1]) })).toThrow(
            /belongs to another driver or pass/,
          );
          return others.alloc("f32", [1]);
        })
        .catch(() => {});
      return mine;
    })
    .catch((thrown) => thrown);
  expect(error).toBeInstanceOf(Float32Array);
});

test("a recording may run a pass of a clone, but not of the same driver", async () => {
  const { driver, log } = toyDriver();
  const clone = driver.clone();
  let inner: Promise<PromiseSettledResult<unknown>[]> | undefined;
  await driver.run((ops) => {
    inner = Promise.allSettled([zero(driver), zero(clone)]);
    expect(driver.kernelNames.has("copy")).toBe(true);
    return ops.allocZeroed("f32", [1]);
  });
  const [own, others] = (await inner) ?? [];
  expect(own).toMatchObject({ status: "rejected", reason: expect.any(ArgumentError) });
  expect(others?.status).toBe("fulfilled");
  expect(log.abandoned).toBe(0);
  expect(await zero(driver)).toEqual(Float32Array.of(0));
});
