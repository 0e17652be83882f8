import { GenericBackend, SpecVersionError } from "@ripvec/core";
import { createDriver, type Ops, type Tensor } from "@ripvec/core/driver";
import { describe, expect, test } from "vitest";
import { templateKernels } from "../src/generated/template-kernels.js";
import { templateDriver, testDriver } from "../src/index.js";
import { TemplateImplementation } from "../src/template/template-driver.js";
import { version1Driver } from "./support/version-1-driver.js";

describe("a driver of version 1 passes the kit", () => {
  testDriver({
    test: (name, body) => {
      if (/^(contract|op attention|model|backend)/.test(name)) test(name, body);
    },
    createDriver: () => version1Driver(),
  });
});

/** Attention over a sequence of three tokens. */
function attend(ops: Ops, more: { causal?: boolean; positionBias?: Tensor<"f32"> }): Tensor {
  const qkv = ops.input(
    Float32Array.from({ length: 18 }, (_, i) => Math.sin(i)),
    [3, 6],
  );
  const out = ops.alloc("f32", [3, 2]);
  ops.attention({ qkv, layout: ops.layout([3]), heads: 1, headDim: 2, scale: 1, ...more, out });
  return out;
}

test("its kernel of attention gets no arguments that version 1 lacked", async () => {
  const log = { attentionCalls: 0 };
  const older = version1Driver(log);
  const current = templateDriver();
  for (const [more, calls] of [
    [{}, 1],
    [{ causal: false }, 2],
    [{ causal: true }, 2],
    ["positionBias", 2],
  ] as const) {
    const record = (ops: Ops) => {
      if (more !== "positionBias") return attend(ops, more);
      return attend(ops, { positionBias: ops.input(Float32Array.of(1, 0, 2), [1, 3]) });
    };
    const found = Array.from((await older.run(record)) as Float32Array);
    const expected = Array.from((await current.run(record)) as Float32Array);
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 6);
    });
    expect(log.attentionCalls).toBe(calls);
  }
  await Promise.all([older.close(), current.close()]);
});

test("isGpu decides what version 2 has capabilities for, and activations are f32", async () => {
  for (const isGpu of [false, true]) {
    const driver = version1Driver(undefined, isGpu);
    const clone = driver.clone();
    for (const { specVersion, capabilities } of [driver, clone]) {
      expect(specVersion).toBe(2);
      expect(capabilities).toMatchObject({ needsWarmUp: isGpu, overlapsPasses: isGpu });
      expect([...capabilities.dtypes]).toEqual(["f32"]);
    }
    await Promise.all([driver.close(), clone.close()]);
  }
});

test.each([
  [3, /specVersion 3, .* takes 1 and 2: update @ripvec\/core$/],
  [0, /specVersion 0, .* takes 1 and 2: update the package of driver template$/],
  [undefined, /specVersion undefined, .*: update the package of driver template$/],
])("a driver of version %s is refused before any call reaches it", async (version, message) => {
  class Other extends TemplateImplementation {
    override readonly specVersion = version as 2;
  }
  const driver = createDriver(new Other(templateKernels, {}));
  const run = driver.run((ops) => ops.alloc("f32", [1]));
  await expect(run).rejects.toThrow(SpecVersionError);
  await expect(run).rejects.toThrow(message);
  expect(() => driver.clone()).toThrow(message);
  await driver.close();
});

test("a driver that an older copy of core made is refused in words", async () => {
  const driver = templateDriver();
  Object.defineProperty(driver, "specVersion", { value: 1 });
  const refused = GenericBackend.create({ driver, arch: {} as never, model: {} as never });
  await expect(refused).rejects.toThrow(/an older copy of @ripvec\/core/);
});
