import { type ArchOptions, specVersion } from "@ripvec/core";
import { createDriver } from "@ripvec/core/driver";
import { templateDriver } from "@ripvec/driver-testkit";
import { expect, test } from "vitest";
import { nullDriver } from "../../arch-kit/test/support/null-driver.js";
import { classicBert } from "../src/index.js";
import { layoutNamed, sourceOf } from "./support/layouts.js";

/** The template driver has only the required ops. */
async function loadOnTemplate(name: string, options: ArchOptions = {}) {
  await using driver = templateDriver();
  return classicBert.load(driver, sourceOf(layoutNamed(name)), options);
}

test.each([
  ["pooling max", {}, "max_pool"],
  ["pooling cls + max + mean", {}, "max_pool"],
  ["pooling mean", { pooling: "max" }, "max_pool"],
  ["hidden_act relu", {}, "relu"],
  ["dense with projected residual", {}, "relu"],
] as const)("%s is refused on a driver that lacks the op", async (name, options, op) => {
  await expect(loadOnTemplate(name, options)).rejects.toMatchObject({
    code: "UNSUPPORTED",
    what: expect.stringContaining("driver template"),
    value: op,
  });
});

test.each(["pooling weightedmean", "hidden_act silu", "prompt, not pooled, mean"])(
  "%s needs only required ops",
  async (name) => {
    await expect(loadOnTemplate(name)).resolves.toBeDefined();
  },
);

test("no weight is created before the refusal", async () => {
  const { driver: full, log } = nullDriver();
  await using lacking = createDriver<number>({
    specVersion,
    name: "lacking",
    capabilities: full.capabilities,
    createWeight: () => log.weights++,
    releaseWeight() {},
    beginPass: () => ({
      kernels: {},
      alloc: (byteLength) => byteLength,
      release() {},
      slice: (_, __, byteLength) => byteLength,
      input: (bytes) => bytes.byteLength,
      fill() {},
      submit: async (_, byteLength) => new ArrayBuffer(byteLength),
      abandon() {},
    }),
    close: async () => {},
  });
  const load = classicBert.load(lacking, sourceOf(layoutNamed("pooling max")), {});
  await expect(load).rejects.toMatchObject({ value: "max_pool" });
  expect(log.weights).toBe(0);
});
