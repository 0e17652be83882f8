import { expect, test } from "vitest";
import { ArgumentError, GenericBackend, type GenericBackendOptions } from "../../src/index.js";
import { toyDriver } from "../support/toy-driver.js";

const arch = { name: "none", load: () => Promise.reject(new Error("not reached")) };
const model = { id: "made", config: {}, weights: {} };

function create(options: object): Promise<GenericBackend> {
  return GenericBackend.create(options as GenericBackendOptions);
}

test.each([
  [{ driver: toyDriver, arch, model }, "driver must be what `await cpu()` gives, got a function"],
  [
    { driver: Promise.resolve(), arch, model },
    "driver must be what `await cpu()` gives, got a promise",
  ],
  [{ arch, model }, "driver must be what `await cpu()` gives, got undefined"],
])("a driver of another kind is refused", async (options, message) => {
  await expect(create(options)).rejects.toThrow(ArgumentError);
  await expect(create(options)).rejects.toThrow(message);
});

test.each([
  [{ model }, "arch must be what `classicBert` gives, got undefined"],
  [{ arch: "classic-bert", model }, "arch must be what `classicBert` gives, got a string"],
  [{ arch, model: "/models/bge" }, "model must be what"],
  [{ arch, model: Promise.resolve() }, "got a promise"],
])("another part of another kind is refused, and the driver is closed", async (parts, message) => {
  const { driver } = toyDriver();
  const created = create({ driver, ...parts });
  await expect(created).rejects.toThrow(ArgumentError);
  await expect(created).rejects.toThrow(message);
  expect(driver.closed).toBe(true);
});
