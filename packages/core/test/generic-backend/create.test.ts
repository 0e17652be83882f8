import {
  GenericBackend,
  InputError,
  SpecVersionError,
  UnsupportedError,
  type WeightDType,
} from "@ripvec/core";
import { createDriver } from "@ripvec/core/driver";
import { expect, test } from "vitest";
import { toyBackend } from "../support/backend.js";
import { ToyImplementation, ToyLog, toyDriver } from "../support/toy-driver.js";
import { ToyArch, toyModel } from "../support/toy-model.js";

test("refuses another version of the contract before it loads anything", async () => {
  const log = new ToyLog();
  const implementation = new ToyImplementation(log);
  implementation.specVersion = 7;
  const arch = new ToyArch();
  const created = GenericBackend.create({
    driver: createDriver(implementation),
    arch,
    model: toyModel(),
  });
  await expect(created).rejects.toBeInstanceOf(SpecVersionError);
  await expect(created).rejects.toThrow(/toy has specVersion 7.*takes 2/);
  expect(arch.options).toBeUndefined();
  expect(log.closes).toBe(1);
});

test("passes the overrides to the architecture", async () => {
  const { driver } = toyDriver({ weightDtypes: new Set(["f32", "i8"]) });
  const arch = new ToyArch();
  const overrides = { pooling: "cls", normalize: false, dtype: "i8" } as const;
  const backend = await GenericBackend.create({ driver, arch, model: toyModel(), ...overrides });
  expect(arch.options).toEqual(overrides);
  expect(backend).toMatchObject({
    name: "toy/toy-arch",
    dim: 4,
    maxTokens: 16,
    isGpu: false,
    maxInFlight: 1,
    maxBatch: 256,
    maxBatchTokens: 64,
    supportsClone: true,
  });
});

test.each(["i8" as const, "q4" as WeightDType])(
  "refuses the weight dtype %s, which the driver lacks, before it loads anything",
  async (dtype) => {
    const { driver, log } = toyDriver({ weightDtypes: new Set(["f32", "f16"]) });
    const arch = new ToyArch();
    const created = GenericBackend.create({ driver, arch, model: toyModel(), dtype });
    await expect(created).rejects.toBeInstanceOf(UnsupportedError);
    await expect(created).rejects.toThrow(
      `unsupported weight dtype of driver toy "${dtype}"; supported: f32, f16`,
    );
    expect(arch.options).toBeUndefined();
    expect(log.closes).toBe(1);
  },
);

test("refuses an architecture that keeps its matrices in another dtype than asked for", async () => {
  const { driver, log } = toyDriver({ weightDtypes: new Set(["f32", "i8"]) });
  const arch = new ToyArch({ weightDtype: undefined });
  const created = GenericBackend.create({ driver, arch, model: toyModel(), dtype: "i8" });
  await expect(created).rejects.toThrow(
    'unsupported weight dtype of architecture toy-arch "i8"; supported: f32',
  );
  expect(log.closes).toBe(1);
});

test("a model that does not load closes the driver and keeps its error", async () => {
  const { driver, log } = toyDriver();
  const failure = new Error("bad model");
  const arch = { name: "broken", load: () => Promise.reject(failure) };
  await expect(GenericBackend.create({ driver, arch, model: toyModel() })).rejects.toBe(failure);
  expect(log.closes).toBe(1);
  expect(driver.closed).toBe(true);
});

test("a driver that fails to close does not hide the first error", async () => {
  const log = new ToyLog();
  const implementation = new ToyImplementation(log);
  implementation.close = () => Promise.reject(new Error("close failed"));
  const failure = new Error("bad model");
  const arch = { name: "broken", load: () => Promise.reject(failure) };
  const driver = createDriver(implementation);
  await expect(GenericBackend.create({ driver, arch, model: toyModel() })).rejects.toBe(failure);
});

test.each([
  { maxTokens: 17 },
  { maxTokens: 0 },
  { maxBatch: 0 },
  { maxBatch: 1.5 },
  { maxBatchTokens: -3 },
  { dimensions: 99 },
])("refuses %o", async (options) => {
  const [name] = Object.keys(options);
  const created = toyBackend({ options });
  await expect(created).rejects.toBeInstanceOf(InputError);
  await expect(created).rejects.toThrow(name);
});

test("a GPU runs one pass of full size first; a CPU none", async () => {
  const gpu = { needsWarmUp: true, maxInFlight: 4, preferredBatchTokens: 50 };
  const { log } = await toyBackend({ capabilities: gpu });
  expect(log.passes).toEqual([[16, 16, 16]]);
  const small = await toyBackend({ capabilities: gpu, options: { maxBatchTokens: 5 } });
  expect(small.log.passes).toEqual([[5]]);
  const cpu = await toyBackend();
  expect(cpu.log.passes).toEqual([]);
});

test("a warm-up that fails is reported, and closes the driver", async () => {
  const { driver, log } = toyDriver({ needsWarmUp: true });
  const failure = new Error("pipeline does not compile");
  log.answer = () => {
    throw failure;
  };
  const created = GenericBackend.create({ driver, arch: new ToyArch(), model: toyModel() });
  await expect(created).rejects.toBe(failure);
  expect(log.closes).toBe(1);
});
