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
  await expect(created).rejects.toThrow(
    /toy has specVersion 7, .* takes 1 and 2: update @ripvec\/core/,
  );
  expect(arch.options).toBeUndefined();
  expect(log.closes).toBe(1);
});

test("passes the options to the architecture", async () => {
  const { driver } = toyDriver({
    weightDtypes: new Set(["f32", "i8"]),
    dtypes: new Set(["f32", "f16"]),
  });
  const arch = new ToyArch();
  const overrides = {
    pooling: "cls",
    normalize: false,
    dtype: "i8",
    activations: "f16",
  } as const;
  const backend = await GenericBackend.create({ driver, arch, model: toyModel(), ...overrides });
  expect(arch.options).toEqual(overrides);
  expect(backend).toMatchObject({
    name: "toy/toy-arch",
    weightDtype: "i8",
    activations: "f16",
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

test.each(["f16", "bf16" as "f16"] as const)(
  "refuses activations in %s, which the driver lacks, before it loads anything",
  async (activations) => {
    const { driver, log } = toyDriver();
    const arch = new ToyArch();
    const created = GenericBackend.create({ driver, arch, model: toyModel(), activations });
    await expect(created).rejects.toBeInstanceOf(UnsupportedError);
    await expect(created).rejects.toThrow(
      `unsupported dtype of activations of driver toy "${activations}"; supported: f32`,
    );
    expect(arch.options).toBeUndefined();
    expect(log.closes).toBe(1);
  },
);

test.each([
  ["f16", undefined, "f32"],
  [undefined, "f16", "f16"],
] as const)(
  "refuses an architecture that is asked for activations in %s and keeps them in %s",
  async (asked, kept, supported) => {
    const { driver, log } = toyDriver({ dtypes: new Set(["f32", "f16"]) });
    const arch = new ToyArch({ activations: kept });
    const options = { driver, arch, model: toyModel(), activations: asked };
    await expect(GenericBackend.create(options)).rejects.toThrow(
      `unsupported dtype of activations of architecture toy-arch "${asked ?? "f32"}"; supported: ${supported}`,
    );
    expect(log.closes).toBe(1);
  },
);

test("activations are f32 unless asked for, and the backend says what they are", async () => {
  const activationsOf = async (activations?: "f32" | "f16") => {
    const { driver } = toyDriver({ dtypes: new Set(["f32", "f16"]) });
    const options = { driver, arch: new ToyArch(), model: toyModel(), activations };
    return (await GenericBackend.create(options)).activations;
  };
  expect(await activationsOf()).toBe("f32");
  expect(await activationsOf("f32")).toBe("f32");
  expect(await activationsOf("f16")).toBe("f16");
});

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

test("one pass of full size runs first if the driver needs a warm-up", async () => {
  const gpu = { needsWarmUp: true, maxInFlight: 4, preferredBatchTokens: 50 };
  const { log } = await toyBackend({ capabilities: gpu });
  expect(log.passes).toEqual([[16, 16, 16]]);
  const small = await toyBackend({ capabilities: gpu, options: { maxBatchTokens: 5 } });
  expect(small.log.passes).toEqual([[5]]);
  const cpu = await toyBackend();
  expect(cpu.log.passes).toEqual([]);
});

test("a warm-up that fails rejects, and closes the driver", async () => {
  const { driver, log } = toyDriver({ needsWarmUp: true });
  const failure = new Error("pipeline does not compile");
  log.answer = () => {
    throw failure;
  };
  const created = GenericBackend.create({ driver, arch: new ToyArch(), model: toyModel() });
  await expect(created).rejects.toBe(failure);
  expect(log.closes).toBe(1);
});
